"""Training examples of stance toward a target and of coreference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.network.labels import STANCES
from quotestance.network.marking import MarkedText, around, mark_text
from quotestance.records import AnnotatedArticle
from quotestance.windows import WordPieces

WordSpan = tuple[int, int]


@dataclass
class AntecedentText:
    """A text with anaphors and their candidate antecedents, in word spans.

    Args:
        pieces: ``[pieces]`` vocabulary ids without special tokens.
        features: ``[pieces, 3]``.
        first: ``[words]`` first piece of each word.
        questions: For each anaphor: its span, candidate spans, and which of them are right, with
            one more for the choice of none. Where several are, any of them will do.
    """

    pieces: NDArray[np.int64]
    features: NDArray[np.int64]
    first: NDArray[np.int64]
    questions: list[tuple[WordSpan, list[WordSpan], list[bool]]]


def stance_texts(
    doc: AnnotatedArticle, encoder: WordPieces, sentence_words: NDArray[np.int64], most: int = 200
) -> list[MarkedText]:
    """The quotes of a labelled article that have a stance, each in its sentences."""
    encoded = encoder.encode(doc.text)

    def words(spans: Sequence[object]) -> list[WordSpan]:
        found = [encoded.covering(s.start, s.end) for s in spans]  # type: ignore[attr-defined]
        return [span for span in found if span is not None]

    out = []
    for quote in doc.quotes:
        content = words(quote.content)
        if not quote.is_quote or quote.stance is None or not content:
            continue
        holder, cue = words(quote.source), words(quote.cue)
        target = words([quote.target_span]) if quote.target_span else []
        low, high = around(encoded, [*target, *content, *holder, *cue], sentence_words, most)
        out.append(
            mark_text(
                encoded, low, high, target, holder, content, STANCES.index(quote.stance.label)
            )
        )
    return out
