"""Short texts with holder, target and content marked, for the stance head's own pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.network.labels import ROLES
from quotestance.windows import EncodedText, word_features

WordSpan = tuple[int, int]
_TARGET, _HOLDER, _CONTENT = (ROLES.index(name) for name in ("target", "holder", "content"))


@dataclass
class MarkedText:
    """A short text with holder, target and content marked.

    Args:
        pieces: ``[pieces]`` vocabulary ids without special tokens.
        features: ``[pieces, 3]`` shape, mark, paragraph.
        roles: ``[pieces]`` role of each piece.
        label: Index into ``STANCES``, or -1 where unknown.
    """

    pieces: NDArray[np.int64]
    features: NDArray[np.int64]
    roles: NDArray[np.int64]
    label: int = -1


def mark_text(
    encoded: EncodedText,
    low: int,
    high: int,
    target: Sequence[WordSpan],
    holder: Sequence[WordSpan] = (),
    content: Sequence[WordSpan] = (),
    label: int = -1,
) -> MarkedText:
    """Mark roles in the words ``[low, high)``; spans are first and last word of the text.

    Where roles overlap the target wins over the holder, the holder over the content.
    """
    first = encoded.first
    roles = np.zeros(int(first[high] - first[low]), dtype=np.int64)
    for role, spans in ((_CONTENT, content), (_HOLDER, holder), (_TARGET, target)):
        for start, end in spans:
            start, end = max(start, low), min(end, high - 1)
            if start <= end:
                roles[first[start] - first[low] : first[end + 1] - first[low]] = role
    return MarkedText(
        encoded.pieces[first[low] : first[high]], word_features(encoded, low, high), roles, label
    )


def around(encoded: EncodedText, spans: Sequence[WordSpan], bounds: NDArray[np.int64],
           most: int) -> tuple[int, int]:  # fmt: skip
    """The sentences that hold ``spans``, trimmed to ``most`` word pieces around the first span.

    Args:
        encoded: The text.
        spans: First and last words; the first one is kept in any case.
        bounds: ``[sentences, 2]`` first word and one past the last word of each sentence.
        most: Most word pieces.

    Returns:
        First word and one past the last word.
    """
    low = min(span[0] for span in spans)
    high = max(span[1] for span in spans) + 1
    at = int(np.searchsorted(bounds[:, 0], low, side="right")) - 1
    if at >= 0 and low < bounds[at, 1]:
        low = int(bounds[at, 0])
    at = int(np.searchsorted(bounds[:, 0], high, side="left")) - 1
    if at >= 0 and high <= bounds[at, 1]:
        high = int(bounds[at, 1])
    first = encoded.first
    if first[high] - first[low] > most:
        middle = (spans[0][0] + spans[0][1]) // 2
        left = max(low, int(np.searchsorted(first, first[middle] - most // 2)))
        right = int(np.searchsorted(first, first[left] + most, side="right")) - 1
        low, high = left, min(high, max(right, middle + 1))
    return low, high
