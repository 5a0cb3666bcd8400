"""Channels: through whom a quote came, as in ``Biden said, as reported by The Guardian``.

A channel is an outlet or office that the sentence of the quote names beside its speaker:
reported, published, released or obtained by it, told to it, said in an interview with it or
in its statement. Listeners (``told reporters``, ``told the Council``) are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quotestance.quotes import Quote, Span
from quotestance.stages.lexicon import RELATIVE

_BY = re.compile(
    r"\b(?:reported|quoted|cited|published|released|issued|obtained|posted|carried|relayed|distributed|"
    r"broadcast|aired|seen|reviewed)(?:\s{1,3}[\w-]{1,30}){0,5}?\s+(?:by|in|on|to)\s+(?:the\s+)?$"
)
_OFFICES_BY = re.compile(
    r"\b(?:reported|quoted|cited|published|released|issued|posted|relayed|distributed|statement|"
    r"readout|transcript|summary)(?:\s{1,3}[\w-]{1,30}){0,6}?\s+(?:by|from|of)\s+(?:the\s+)?$"
)
_ACCORDING = re.compile(r"\b(?:according to|per)\s+(?:the\s+)?$", re.IGNORECASE)
_MEDIUM = re.compile(
    r"\b(?:told|tell|tells|telling|interview(?:\s+[\w-]+){0,3}?\s+(?:with|on|to)|interviewed by|"
    r"conversation with|speaking to|speaking with|spoke to|spoke with|speaking on|appearance on|"
    r"appearing on|appeared on|writing in|wrote in|op-ed in|op-ed for|column in|said on|said in|"
    r"comments to|remarks to|statement to|email to|e-mail to|emailed to|talking to)"
    r"\s+(?:[\w-]+(?:['’]s)?\s+){0,3}?[“\"‘']?(?:the\s+)?$",
    re.IGNORECASE,
)
_OUTLET = re.compile(
    r"\b(?:told|(?:interview|conversation)(?:\s+[\w-]+){0,3}?\s+with|carried by|"
    r"broadcast by|aired by|published by|"
    r"reported by)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_SHOW = re.compile(
    r"\b(?:[Oo]n|told|tells|of|(?:[Ss]peaking|spoke|[Tt]alking|talked|comments|remarks)\s+to|with|in)"
    r"\s+(?:(?:[A-Z][\w.]{0,30}\s?){1,3}['’]s?\s+)?"
    r"[\"“‘]((?:[A-Z][\w'’]{0,30}|the|of|and|with|to|This)(?:\s(?:[A-Z][\w'’]{0,30}|the|of|and|with|to)){1,5})[.,]?[\"”’]"
)
_OWNER = re.compile(r"['’]s(?P<reporter>\s+[A-Z])?")  # ``told CNN's Jake Tapper``
_OUTLET_NOUN = (
    r"news (?:site|agency|channel|website)|newspaper|daily|weekly|magazine|broadcaster|"
    r"website|radio station|television station"
)
_CALLED_MEDIUM = re.compile(rf"\b(?:{_OUTLET_NOUN}|network)\s+$")
_DESCRIBED = re.compile(
    rf"\b(?:the|its|an?|[\w-]+['’]s)\s+(?:[\w-]+\s+){{0,3}}?(?:{_OUTLET_NOUN})\s+$"
)
_PREPOSITION = re.compile(r"\b(?:by|from|of)\s")
_OFFICE = re.compile(r"\b(?:by|from|of)\s+(?P<office>[^\s,.;:!?\"“”][^,.;:!?\n\"“”]{0,80})")
_REACH = 90
_MEDIA_KINDS = frozenset({"news", "news agency"})
_MEDIA_WORDS = frozenset(
    """news times post journal tribune herald gazette press magazine review
radio television tv broadcasting network star globe chronicle observer telegraph mail sun mirror
sunday tonight today nation weekly daily reporter inquirer dispatch examiner bulletin monitor
courier wire register republic sentinel standard independent""".split()
)


def is_medium(name: str, kind: str | None) -> bool:
    """Whether an organization is an outlet, by the tables or by the words of its name."""
    if kind is not None:
        return kind in _MEDIA_KINDS
    return any(word in _MEDIA_WORDS for word in name.casefold().split())


def channel_mentions(
    text: str,
    quote: Quote,
    sentence: Span,
    organizations: Sequence[tuple[Span, str, str | None]],
) -> Iterator[tuple[int, str]]:
    """Position and name of each channel that the sentence of a quote names.

    Args:
        text: The article.
        quote: The quote; words of its content are no channel.
        sentence: The sentence (or sentences) of its cue and source.
        organizations: Span, canonical name and kind of organizations in the article.
    """
    taken = (*quote.content, *quote.source)
    source_is_name = bool(quote.source) and quote.source[0].text.casefold() not in RELATIVE
    show_at = -1
    for match in _SHOW.finditer(text, sentence.start, sentence.end):
        if not any(match.start(1) < s.end and s.start < match.end(1) for s in taken):
            show_at = match.start(1)
            yield show_at, match[1]
    for span, name, kind in organizations:
        if 0 <= show_at - span.end <= 4:
            continue
        if not (sentence.start <= span.start < sentence.end):
            continue
        if name.endswith("Americans") or any(span.overlaps(other) for other in taken):
            continue
        before = text[max(sentence.start, span.start - _REACH) : span.start]
        medium = is_medium(name, kind) or bool(_CALLED_MEDIUM.search(before))
        owner = _OWNER.match(text, span.end)
        if owner and not (medium and owner["reporter"]):
            continue
        bare = _DESCRIBED.sub("", before)  # ``carried by the state news agency LNA``
        if (
            (medium and (_BY.search(bare) or _BY.search(before) or _MEDIUM.search(before)))
            or (kind is None and _OUTLET.search(before))
            or _OFFICES_BY.search(before)
            or (source_is_name and _ACCORDING.search(before))
        ):
            yield span.start, name


def office_phrases(text: str, quote: Quote, sentence: Span) -> Iterator[Span]:
    """Noun phrases of offices that released the words: ``a statement by its foreign ministry``.

    Args:
        text: The article.
        quote: The quote; its content and source are left out.
        sentence: The sentence (or sentences) of its cue and source.
    """
    for preposition in _PREPOSITION.finditer(text, sentence.start, sentence.end):
        match = _OFFICE.match(text, preposition.start(), sentence.end)
        if match is None:
            continue
        before = text[max(sentence.start, match.start() - _REACH) : match.start("office")]
        if not _OFFICES_BY.search(before):
            continue
        span = Span(match.start("office"), match.end("office")).of(text)
        if not any(span.overlaps(other) for other in (*quote.content, *quote.source)):
            yield span


def nearest_first(found: Sequence[tuple[int, str]], quote: Quote, speakers: set[str]) -> list[str]:
    """Names of channels, nearest to the cue first, without the speakers and repeats."""
    anchor = (quote.cue or quote.source or quote.content)[0].start
    names: dict[str, None] = {}
    for _, name in sorted(found, key=lambda f: abs(f[0] - anchor)):
        if name not in speakers:
            names[name] = None
    return list(names)
