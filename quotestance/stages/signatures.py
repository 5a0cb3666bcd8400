"""Words in marks that a name signs: ``“The pier was closed.” ― Petra Voss``."""

from __future__ import annotations

import re

from quotestance.quotes import Quote, Span
from quotestance.stages.phrases import Phrases

_SIGNED = re.compile(r"[ \u00a0]?(?P<dash>[―—–]|--?)[ \u00a0]?(?=[^\W\d_])")
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
