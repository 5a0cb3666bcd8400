"""Where a text stands in quotation marks: regions, and one state a word."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from quotestance.marks import Mark
from quotestance.paragraphs import paragraphs

OUTSIDE = 0
INSIDE_DOUBLE = 1
INSIDE_SINGLE = 2
OPEN_DOUBLE = 3
CLOSE_DOUBLE = 4
OPEN_SINGLE = 5
CLOSE_SINGLE = 6
INSIDE_NESTED = 7
NO_MARK = 8
N_MARK_STATES = 9

_STATES = {
    ("open", False): OPEN_DOUBLE,
    ("continue", False): OPEN_DOUBLE,
    ("close", False): CLOSE_DOUBLE,
    ("open", True): OPEN_SINGLE,
    ("continue", True): OPEN_SINGLE,
    ("close", True): CLOSE_SINGLE,
    ("none", False): NO_MARK,
    ("none", True): NO_MARK,
}


def quote_regions(text: str, marks: list[Mark]) -> list[tuple[int, int, int]]:
    """Stretches of text in quotation marks, marks included.

    Args:
        text: The text of the marks.
        marks: What :func:`find_marks` returned for it.

    Returns:
        ``(start, end, depth)`` in text order, outer before inner; depth 0 is not inside another
        region. Each paragraph of a quote that runs on is a region of its own, from its opening
        mark to its end.
    """
    blocks: list[tuple[int, int]] | None = None
    regions: list[tuple[int, int, int]] = []
    ends: list[int] = []
    for mark in marks:
        if mark.role not in ("open", "continue"):
            continue
        partner = None if mark.partner is None else marks[mark.partner]
        if partner is not None and partner.role == "close":
            end = partner.end
        else:
            blocks = paragraphs(text) if blocks is None else blocks
            end = blocks[bisect_right(blocks, mark.start, key=lambda block: block[0]) - 1][1]
        while ends and ends[-1] <= mark.start:
            ends.pop()
        regions.append((mark.start, end, len(ends)))
        ends.append(end)
    return regions


def mark_states(text: str, words: list[tuple[int, int]], marks: list[Mark]) -> NDArray[np.int8]:
    """Where each word stands with regard to quotation marks.

    Args:
        text: The text of words and marks.
        words: Word spans in text order, none overlapping.
        marks: What :func:`find_marks` returned for the text.

    Returns:
        One state a word, shape ``[n_words]``, from ``OUTSIDE`` (0) to ``NO_MARK`` (8). Angle
        marks count as double ones; ``INSIDE_NESTED`` is inside double and single marks at once.
    """
    starts = np.fromiter((start for start, _ in words), dtype=np.int64, count=len(words))
    depth = {kind: np.zeros(len(words) + 1, dtype=np.int64) for kind in ("double", "single")}
    openings = [mark for mark in marks if mark.role in ("open", "continue")]
    for mark, (start, end, _) in zip(openings, quote_regions(text, marks), strict=True):
        steps = depth["single" if mark.kind == "single" else "double"]
        steps[np.searchsorted(starts, start)] += 1
        steps[np.searchsorted(starts, end)] -= 1
    double, single = (np.cumsum(depth[kind])[:-1] > 0 for kind in ("double", "single"))
    states = double * INSIDE_DOUBLE + single * INSIDE_SINGLE
    states[double & single] = INSIDE_NESTED
    for mark in marks:
        low, high = np.searchsorted(starts, (mark.start, mark.end))
        states[low:high] = _STATES[mark.role, mark.kind == "single"]
    return states.astype(np.int8)
