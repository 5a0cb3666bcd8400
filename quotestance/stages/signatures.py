"""Names around the words that somebody said.

A name that signs words in marks (``“The pier was closed.” ― Petra Voss``), and the label of a
paragraph of a transcript (``VOSS: The pier was closed.``).
"""

from __future__ import annotations

import re

from quotestance.quotes import Quote, Span
from quotestance.stages.phrases import Phrases

_SIGNED = re.compile(r"[ \u00a0]?(?P<dash>[―—–]|--?)[ \u00a0]?(?=[^\W\d_])")
_LABEL = re.compile(
    r"[ \u00a0]*[\"“]?(?P<name>[A-Z](?:[A-Z’'-]|\.(?=[A-Z ])|[ \u00a0](?=[A-Z])){2,39}):"
    r"[ \u00a0]+(?=\S)"
)
_CLOSING = "\"”’»'"
_LINE_END = re.compile(r"[ \u00a0]*(?:[.,;][ \u00a0]*)?(?:\n|$)")


def signed(quote: Quote, text: str, phrases: Phrases) -> Quote:
    """The quote with the name that stands after its marks, to the end of the line, as source.

    Args:
        quote: A quote.
        text: The article.
        phrases: Its noun phrases.

    Returns:
        The quote, with the dash as cue and the name as source where a name signs it.
    """
    end = quote.content[-1].end if quote.content else 0
    if not end or text[end - 1] not in _CLOSING:
        return quote
    match = _SIGNED.match(text, end)
    mentions = phrases.mentions_in(Span(match.end(), match.end() + 1)) if match else ()
    if match is None or not mentions or mentions[0].form != "name":
        return quote
    name = mentions[0].span
    if name.start != match.end() or not _LINE_END.match(text, name.end):
        return quote
    dash = Span(match.start("dash"), match.end("dash")).of(text)
    return quote.replace(source=(name,), cue=(dash,))


def labelled(quote: Quote, text: str) -> Quote:
    """The quote with the label of its paragraph as source, where its own stands elsewhere.

    Args:
        quote: A quote.
        text: The article.

    Returns:
        The quote, with the colon as cue, and without the label in its content.
    """
    first = quote.content[0] if quote.content else None
    if first is None:
        return quote
    low = text.rfind("\n", 0, first.start + 1) + 1
    match = _LABEL.match(text, low)
    if match is None or first.end <= match.end() or "\n" in text[match.end() : first.start]:
        return quote
    if any(low <= span.start < first.end for span in quote.source):
        return quote
    name = Span(match.start("name"), match.end("name")).of(text)
    colon = Span(match.end("name"), match.end("name") + 1).of(text)
    content = Span(max(first.start, match.end()), first.end).of(text)
    return quote.replace(content=(content, *quote.content[1:]), source=(name,), cue=(colon,))
