"""Quotes in words become quotes of the record: offsets, kind, confidence, nesting."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quotestance.quotes import Confidence, Quote, Span
from quotestance.stages.joining import Attribution
from quotestance.stages.polarity import is_denied
from quotestance.stages.stance import QuoteReading
from quotestance.text import quote_regions, sentences
from quotestance.windows import EncodedText

_TOKEN = re.compile(r"[^\W_]\w*")


def sentence_bounds(encoded: EncodedText, text: str) -> NDArray[np.int64]:
    """First word and one past the last word of each sentence: ``[sentences, 2]``."""
    spans = np.array(sentences(text, list(encoded.marks)), dtype=np.int64).reshape(-1, 2)
    low = np.searchsorted(encoded.words[:, 1], spans[:, 0], side="right")
    high = np.searchsorted(encoded.words[:, 0], spans[:, 1], side="left")
    return np.stack([low, high], -1)


def kind_of(text: str, content: Sequence[Span], regions: Sequence[tuple[int, int]]) -> str:
    """``direct`` where all words of the content stand in marks, ``mixed`` where some do.

    Args:
        text: The article.
        content: Pieces of content.
        regions: ``(start, end)`` of the quoted regions, outermost ones, in text order.
    """
    words = [
        match.span() for span in content for match in _TOKEN.finditer(text, span.start, span.end)
    ]
    inside = 0
    for start, end in words:
        i = bisect_right(regions, start, key=lambda region: region[0]) - 1
        inside += i >= 0 and regions[i][0] <= start and end <= regions[i][1]
    if not words or not inside:
        return "indirect"
    return "direct" if inside == len(words) else "mixed"


def assemble(
    text: str,
    encoded: EncodedText,
    attributions: Sequence[Attribution],
    readings: Sequence[QuoteReading],
    calibration: Mapping[str, float],
) -> tuple[Quote, ...]:
    """Records of the quotes of one article, without speakers.

    A whole sentence with neither marks, cue nor source is no quote by the guide; it is kept as
    an attribution.
    """
    regions = [(s, e) for s, e, depth in quote_regions(text, list(encoded.marks)) if depth == 0]
    rows = zip(attributions, readings, _parents(attributions), strict=True)
    quotes = []
    for i, (item, reading, parent) in enumerate(rows):
        content = tuple(_span(encoded, *piece.words) for piece in item.content)
        cue = (_span(encoded, *item.cue),) if item.cue else ()
        kind = kind_of(text, content, regions)
        bare = item.cue is None and (item.source is None or kind == "indirect")
        keeps = reading.is_quote >= 0.5 and not (bare and kind != "direct")
        quotes.append(
            Quote(
                id=f"q{i + 1}",
                content=content,
                cue=cue,
                source=(_span(encoded, *item.source),) if item.source else (),
                kind=kind,
                polarity="denied" if is_denied(text, cue, content) else "affirmed",
                mode=reading.mode,
                stance=reading.stance,
                target_type=reading.target_type,
                target_span=_span(encoded, *reading.target) if reading.target else None,
                inside=None if parent is None else f"q{parent + 1}",
                is_quote=keeps,
                confidence=Confidence(
                    quote=calibrated(item.probability * max(reading.is_quote, 0.05), calibration),
                    stance=reading.stance.confidence,
                ),
            )
        )
    return tuple(quotes)


def only_quotes(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The quotes among the attributions; one that stood inside what is left out stands alone."""
    kept = {quote.id for quote in quotes if quote.is_quote}
    return tuple(
        quote if quote.inside in kept or quote.inside is None else quote.replace(inside=None)
        for quote in quotes
        if quote.is_quote
    )


def calibrated(score: float, calibration: Mapping[str, float]) -> float:
    """A score from 0 to 1 as a probability.

    Source: Platt 1999; slope and offset of the log-odds are fitted on dev articles.
    """
    clipped = min(max(score, 1e-6), 1 - 1e-6)
    log_odds = math.log(clipped / (1 - clipped))
    slope, offset = calibration.get("quote.slope", 1.0), calibration.get("quote.offset", 0.0)
    return 1 / (1 + math.exp(-(slope * log_odds + offset)))


def _span(encoded: EncodedText, low: int, high: int) -> Span:
    return Span(int(encoded.words[low, 0]), int(encoded.words[high, 1]))


def _parents(attributions: Sequence[Attribution]) -> list[int | None]:
    """Index of the quote with a piece that holds each inner quote; outer pieces never overlap."""
    outer = sorted(
        (piece.low, piece.high, index)
        for index, item in enumerate(attributions)
        if not item.inner
        for piece in item.content
    )
    parents: list[int | None] = []
    for item in attributions:
        first = item.content[0]
        at = bisect_right(outer, first.low, key=lambda piece: piece[0]) - 1
        holds = item.inner and at >= 0 and first.high <= outer[at][1]
        parents.append(outer[at][2] if holds else None)
    return parents
