"""Pieces of content with one cue become one quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quotestance.network.runtime import Links
from quotestance.stages.decode import Found
from quotestance.text import CLOSE_DOUBLE, CLOSE_SINGLE, PUNCTUATION, STOP
from quotestance.windows import EncodedText

Floats = NDArray[np.float64]
WordSpan = tuple[int, int]
_MOST_BETWEEN = 6


@dataclass
class Attribution:
    """A quote in word indices: pieces of content with one source and one cue.

    Args:
        content: Pieces of content.
        source: The source, or None.
        cue: The cue, or None.
        inner: Whether it stands inside another quote.
        probability: Uncalibrated score from 0 to 1 that it is an attribution.
        links: Links of its first piece.
        evidence: What speaks for it, see ``evidence.EVIDENCE``, a mean over its content words;
            None inside another quote.
    """

    content: list[Found]
    source: WordSpan | None
    cue: WordSpan | None
    inner: bool
    probability: float
    links: Links = field(repr=False)
    evidence: Floats | None = field(default=None, repr=False)


def join(
    found: Sequence[Attribution], encoded: EncodedText, running: Sequence[int | None] = ()
) -> list[Attribution]:
    """One quote for each cue: pieces with the same cue and source that stand near are joined.

    Args:
        found: Pieces in text order.
        encoded: Words of the article.
        running: For each piece the number of the quote without a cue whose paragraph it is, None
            for none; by default for all.
    """
    joined: list[Attribution] = []
    by_key: dict[tuple[WordSpan | int, bool], tuple[Attribution, int | None]] = {}
    runs = [*running] or [None] * len(found)
    for item, run in zip(found, runs, strict=True):
        start = run if item.cue is None else item.cue
        if start is None:
            joined.append(item)
            continue
        key = (start, item.inner)
        other, before = by_key.get(key, (None, None))
        runs_on = run is not None and run == before
        if other is not None and (runs_on or _belong(other, item, encoded)):
            _add(other, item)
            continue
        joined.append(item)
        by_key[key] = item, run
    return joined


def _add(quote: Attribution, piece: Attribution) -> None:
    """Make the piece one of the quote's, whose scores are means over its words."""
    size, more = (sum(p.high - p.low + 1 for p in a.content) for a in (quote, piece))
    total = quote.probability * size + piece.probability * more
    quote.probability = total / (size + more)
    if quote.evidence is not None and piece.evidence is not None:
        quote.evidence = (quote.evidence * size + piece.evidence * more) / (size + more)
    quote.content += piece.content


def _belong(one: Attribution, other: Attribution, encoded: EncodedText) -> bool:
    """Whether little but cue, source and punctuation stands between two pieces of one source.

    In PolNeAR nine in ten gaps between two pieces hold six further words or fewer. No quote runs
    from a headline into the text: 5 of 3,149 quotes in pieces do.
    """
    if other.source is not None and one.source != other.source:
        return False
    last, first = one.content[-1].high, other.content[0].low
    if _leaves_headline(encoded, last, first):
        return False
    between = np.arange(last + 1, first)
    counts = ~np.isin(encoded.shape[between], (STOP, PUNCTUATION))
    for span in (one.cue, one.source):
        if span is not None:
            counts &= (between < span[0]) | (between > span[1])
    return int(counts.sum()) <= _MOST_BETWEEN


def _leaves_headline(encoded: EncodedText, low: int, high: int) -> bool:
    """Whether a paragraph without a stop at its end ends between two words."""
    for opening in low + 1 + np.flatnonzero(encoded.paragraph[low + 1 : high + 1]):
        last = int(opening) - 1
        while last > 0 and encoded.mark[last] in (CLOSE_DOUBLE, CLOSE_SINGLE):
            last -= 1
        if encoded.shape[last] not in (STOP, PUNCTUATION):
            return True
    return False
