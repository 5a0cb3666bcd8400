"""Pieces of content with one cue become one quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quotestance.network.runtime import Links
from quotestance.stages.decode import Found
from quotestance.text import PUNCTUATION, STOP
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


def join(found: Sequence[Attribution], encoded: EncodedText) -> list[Attribution]:
    """One quote for each cue: pieces with the same cue and source that stand near are joined."""
    joined: list[Attribution] = []
    by_cue: dict[tuple[WordSpan, bool], Attribution] = {}
    for item in found:
        if item.cue is None:
            joined.append(item)
            continue
        key = (item.cue, item.inner)
        other = by_cue.get(key)
        if other is not None and _belong(other, item, encoded):
            size, more = (sum(p.high - p.low + 1 for p in a.content) for a in (other, item))
            total = other.probability * size + item.probability * more
            other.probability = total / (size + more)
            if other.evidence is not None and item.evidence is not None:
                summed = other.evidence * size + item.evidence * more
                other.evidence = summed / (size + more)
            other.content += item.content
            continue
        joined.append(item)
        by_cue[key] = item
    return joined


def _belong(one: Attribution, other: Attribution, encoded: EncodedText) -> bool:
    """Whether little but cue, source and punctuation stands between two pieces of one source.

    In PolNeAR nine in ten gaps between two pieces hold six further words or fewer.
    """
    if other.source is not None and one.source != other.source:
        return False
    between = np.arange(one.content[-1].high + 1, other.content[0].low)
    counts = ~np.isin(encoded.shape[between], (STOP, PUNCTUATION))
    for span in (one.cue, one.source):
        if span is not None:
            counts &= (between < span[0]) | (between > span[1])
    return int(counts.sum()) <= _MOST_BETWEEN
