"""Attributions in PolNeAR's sense become quotes by the guide, where the two cut differently.

The network learns its spans from PolNeAR, in which every attribution has a cue, and in which
`described X as Y` has `X as Y` as content. By the guide:

- A whole sentence in marks that has no cue of its own and follows words out of marks is a quote
  of its own, without a cue, of the same speaker. (After words in marks it goes on with their
  quote.)
- The content of `called X "Y"` and `described X as Y` is Y alone; X is the target.
- A channel is no part of the source: of `according to X, Y stressed` it is Y, and of `Y, in a
  statement issued by X, praised` too.
- `Y condemned Z, according to X` is one quote, of Y, with the channel X.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from quotestance.stages.decode import Found
from quotestance.stages.joining import Attribution
from quotestance.stages.passages import Places
from quotestance.windows import EncodedText

#: Verbs of the form `verb X as Y` and `verb X Y`.
_AS = re.compile(
    r"\b(?:characteri[sz]|condemn|decri|denounc|describ|dismiss|hail|prais|remember|"
    r"portray|slam)(?:e|es|ed|ing|y|ies|ied|s)?$",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:brand|call|deem|describ|dub|label|nam|term)(?:e|es|l?ed|l?ing|bed|bing|s)?$",
    re.IGNORECASE,
)
_MOST_BEFORE = 12
_ACCORDING_CUE = re.compile(r"(?:according\s+to|per)\b", re.IGNORECASE)
_ACCORDING = re.compile(r"\b(?:according\s+to|per)\s+(?:the\s+)?$", re.IGNORECASE)
_IN_A_STATEMENT = re.compile(
    r",\s+(?:in|during|through)\s+(?:[\w’'-]+\s+){0,4}?(?:briefing|conversation|e-?mail|interview|"
    r"letter|memo|message|op-ed|post|release|remarks|speech|statement|tweet)s?\b"
)


def by_guide(
    found: Sequence[Attribution], encoded: EncodedText, text: str, places: Places
) -> list[Attribution]:
    """Attributions cut as the guide wants quotes, in text order.

    Args:
        found: Attributions in text order.
        encoded: Words of the article.
        text: The article.
        places: Where its words stand.
    """
    out: list[Attribution] = []
    for item in _without_relays(found, encoded, text):
        item = _without_channel(item, encoded, text)
        out += [_narrowed(part, encoded, text, places) for part in _split(item, places)]
    return sorted(out, key=lambda item: (item.content[0].low, -item.content[0].high))


def _without_relays(
    found: Sequence[Attribution], encoded: EncodedText, text: str
) -> list[Attribution]:
    """The attributions without those whose content is but another's reporting clause."""
    lows = [item.content[0].low for item in found]
    relayed: dict[int, int] = {}
    for at, item in enumerate(found):
        if item.inner or not item.cue or not _ACCORDING_CUE.match(_text(item.cue, encoded, text)):
            continue
        low, high = item.content[0].low, item.content[-1].high
        reach = range(bisect_left(lows, low), bisect_right(lows, high))
        held = [i for i in reach if found[i].inner]
        source = found[held[0]].source if len(held) == 1 else None
        if source is not None and source[0] == low:
            relayed[at] = held[0]
    own = set(relayed.values())
    return [
        replace(item, inner=False) if at in own else item
        for at, item in enumerate(found)
        if at not in relayed
    ]


def _text(span: tuple[int, int], encoded: EncodedText, text: str) -> str:
    return text[encoded.words[span[0], 0] : encoded.words[span[1], 1]]


def _without_channel(item: Attribution, encoded: EncodedText, text: str) -> Attribution:
    """The attribution without the channel that stands before or after its source."""
    if item.source is None or item.cue is None:
        return item
    low, high = item.source
    start, end = int(encoded.words[low, 0]), int(encoded.words[high, 1])
    tail = _IN_A_STATEMENT.search(text, start, end)
    if tail:
        high = int(np.searchsorted(encoded.words[:, 1], tail.start(), side="right")) - 1
    commas = [word for word in range(low + 1, high) if text[encoded.words[word, 0]] == ","]
    if commas and item.cue[0] > high and _ACCORDING.search(text, max(0, start - 20), start):
        low = commas[-1] + 1
    return replace(item, source=(low, high)) if low <= high else item


def _split(item: Attribution, places: Places) -> list[Attribution]:
    """The attribution, and its whole sentences in marks that follow words out of marks."""
    if item.cue is None or item.inner:
        return [item]
    kept: list[Found] = []
    alone: list[Found] = []
    for piece in item.content:
        follows = bool(alone) or (bool(kept) and not places.quoted(kept[-1].words))
        is_apart = places.sentence[piece.low] != places.sentence[item.cue[0]]
        is_whole = places.quoted(piece.words) and _opens_sentence(piece, places)
        (alone if follows and is_apart and is_whole else kept).append(piece)
    if not alone:
        return [item]
    return [replace(item, content=kept), replace(item, content=alone, cue=None)]


def _opens_sentence(piece: Found, places: Places) -> bool:
    return piece.low == 0 or bool(places.sentence[piece.low - 1] != places.sentence[piece.low])


def _narrowed(item: Attribution, encoded: EncodedText, text: str, places: Places) -> Attribution:
    """The attribution without the X of `called X Y` and `described X as Y`."""
    if item.cue is None or len(item.content) != 1:
        return item
    cue = _text(item.cue, encoded, text)
    piece = item.content[0]
    low, high = piece.words
    near = range(low, min(high, low + _MOST_BEFORE) + 1)
    words = [text[slice(*encoded.words[word])].lower() for word in near]
    regions = [int(places.region[word]) for word in near]
    opening = next((i for i, region in enumerate(regions) if region >= 0), None)
    if _AS.search(cue) and "as" in words[1:]:
        at = words.index("as", 1)
        if low + at < high and (opening is None or at < opening):
            return replace(item, content=[replace(piece, low=low + at + 1)])
    if _CALLED.search(cue) and opening:
        end = min(high, places.regions[regions[opening]][1])
        rest = range(end + 1, high + 1)
        if all(places.region[word] < 0 for word in rest):
            return replace(item, content=[replace(piece, low=low + opening, high=end)])
    return item
