"""Words of a third party inside a quote: where the marks say that they begin and end.

Inside `"He told me 'you are finished,'"` the double marks are those of the quote, the single ones
those of the words in it.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quotestance.stages.decode import Found
from quotestance.windows import EncodedText

WordSpan = tuple[int, int]


def split_regions(
    regions: Sequence[WordSpan], outer: Sequence[WordSpan]
) -> tuple[list[WordSpan], list[WordSpan]]:
    """Quoted regions that are the marks of a piece of content, and those inside of one.

    Args:
        regions: First and last word of each region, marks included.
        outer: First and last word of each piece of content, in text order, none overlapping.

    Returns:
        Regions that hold a whole piece, or other marks; and the others that end with or in their
        piece.
    """
    own, within = [], []
    lows = [low for low, _ in outer]
    for i, (low, high) in enumerate(regions):
        at = bisect_right(lows, low + 1) - 1
        if at < 0 or low > outer[at][1]:
            continue
        first, last = outer[at]
        holds_marks = i + 1 < len(regions) and regions[i + 1][1] <= high
        if holds_marks or (low <= first + 1 and last - 1 <= high):
            own.append((low, high))
        elif high <= last:
            within.append((low, high))
    return own, within


def closed_words(own: Sequence[WordSpan], encoded: EncodedText, text: str) -> NDArray[np.int64]:
    """Words that belong to nobody inside: the marks of a piece, and the stop before the last.

    Args:
        own: The marks of pieces of content, see ``split_regions``.
        encoded: The words.
        text: The text.
    """
    words = {word for region in own for word in region}
    stops = (high - 1 for _, high in own)
    words |= {at for at in stops if text[encoded.words[at, 0]] in ",."}
    return np.array(sorted(words), dtype=np.int64)


def to_marks(spans: Sequence[Found], regions: Sequence[WordSpan]) -> list[Found]:
    """Inner contents that begin with a mark, cut where that mark closes.

    Where the marks say both ends, only half of the doubt of the tags is left: the root of their
    probability.

    Args:
        spans: Inner contents.
        regions: Quoted regions inside of pieces of content, in text order.
    """
    ends = dict(regions)
    openings = sorted(ends)
    out = []
    for span in spans:
        end = ends.get(span.low, -1)
        again = bisect_right(openings, end)  # `"a" and "b"` is one content
        several = again < len(openings) and openings[again] <= span.high
        if end == span.high or (span.low < end < span.high and not several):
            span = Found(span.low, end, math.sqrt(span.probability))
        out.append(span)
    return out
