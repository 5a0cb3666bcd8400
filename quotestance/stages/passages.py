"""Where each word of an article stands: sentence, paragraph, quotation marks, running quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.text import quote_regions
from quotestance.windows import EncodedText

Ints = NDArray[np.int64]
WordSpan = tuple[int, int]


@dataclass(frozen=True)
class Places:
    """Where the words of one article stand.

    Args:
        sentence: ``[words]`` index of the sentence of each word.
        paragraph: ``[words]`` index of its paragraph.
        region: ``[words]`` index of the outermost quoted region that it stands in, marks included;
            -1 outside marks.
        regions: First and last word of each outermost region, in text order.
        running: ``[regions]`` index of the first region of the quote that each belongs to: the
            paragraphs of a quote with a mark at each opening and none at the end are one.
    """

    sentence: Ints
    paragraph: Ints
    region: Ints
    regions: tuple[WordSpan, ...]
    running: Ints

    @classmethod
    def of(cls, encoded: EncodedText, text: str, bounds: Ints) -> Places:
        """Read the places of an article.

        Args:
            encoded: Its words and marks.
            text: The article.
            bounds: ``[sentences, 2]`` first word and one past the last word of each sentence.
        """
        count = len(encoded)
        sentence = np.searchsorted(bounds[:, 0], np.arange(count), side="right") - 1
        region = np.full(count, -1, dtype=np.int64)
        regions, running = outermost_regions(encoded, text)
        for at, (low, high) in enumerate(regions):
            region[low : high + 1] = at
        return cls(
            sentence=sentence,
            paragraph=np.cumsum(encoded.paragraph),
            region=region,
            regions=tuple(regions),
            running=np.array(running, dtype=np.int64),
        )

    def quoted(self, span: WordSpan) -> bool:
        """Whether a span begins and ends in one quoted region."""
        low, high = self.region[span[0]], self.region[span[1]]
        return bool(low >= 0 and low == high)

    def running_together(self, pieces: Sequence[WordSpan]) -> list[list[int]]:
        """Indices of the pieces that are paragraphs of one running quote, quote by quote.

        Args:
            pieces: First and last word of pieces in text order, none overlapping.
        """
        groups: dict[int, list[int]] = {}
        for i, run in enumerate(self.runs(pieces)):
            if run is not None:
                groups.setdefault(run, []).append(i)
        return [group for group in groups.values() if len(group) > 1]

    def runs(self, pieces: Sequence[WordSpan | None]) -> list[int | None]:
        """For each piece the index of the first region of the quote whose paragraph it is.

        Args:
            pieces: First and last word of each piece; None for a piece that is none.

        Returns:
            As many; None where a piece is not most of one outermost quoted region.
        """
        return [None if piece is None else self._run(piece) for piece in pieces]

    def _run(self, piece: WordSpan) -> int | None:
        if not self.quoted(piece):
            return None
        at = int(self.region[piece[0]])
        low, high = self.regions[at]
        return int(self.running[at]) if 2 * (piece[1] - piece[0] + 1) > high - low + 1 else None


def outermost_regions(encoded: EncodedText, text: str) -> tuple[list[WordSpan], list[int]]:
    """Outermost quoted regions, in text order.

    Args:
        encoded: Words and marks of the article.
        text: The article.

    Returns:
        First and last word of each, marks included; and for each the index of the first region
        of the running quote that it belongs to, its own where it begins one.
    """
    regions: list[WordSpan] = []
    running: list[int] = []
    openings = [i for i, mark in enumerate(encoded.marks) if mark.role in ("open", "continue")]
    known: dict[int, int] = {}
    for at, (start, end, depth) in zip(
        openings, quote_regions(text, list(encoded.marks)), strict=True
    ):
        words = encoded.covering(start, end)
        if depth or words is None or words[0] < (regions[-1][1] + 1 if regions else 0):
            continue
        first = known.get(at, len(regions))
        partner = encoded.marks[at].partner
        if partner is not None and encoded.marks[partner].role == "continue":
            known[partner] = first
        regions.append(words)
        running.append(first)
    return regions, running
