"""A larger trained network as teacher of a smaller one.

Source: Hinton, Vinyals & Dean 2015, Distilling the Knowledge in a Neural Network, at temperature 1
and beside the labels, for tags, links and stance alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from quotestance.errors import ModelError
from quotestance.network.marking import MarkedText
from quotestance.network.model import QuotestanceModel
from quotestance.training.quote_examples import QuoteWindow
from quotestance.training.reading import stance_logits, word_states
from quotestance.windows import WordPieces

#: Most of the student's vocabulary that the teacher's may lack, as a share.
_MOST_MISSING = 0.01
_LINKS = ("source", "cue")
#: Weight of the tags, that of the labels' own loss.
_TAGS = 3.0
#: The layers of tags that are taught. What stands inside a quote is learned from made articles
#: alone, which are no better known to the teacher.
_OUTER = slice(0, 3)


class Teacher:
    """Gives the loss of a student that is to agree with it.

    Args:
        model: The trained network, of any size.
        encoder: Its tokenizer.
        student: Tokenizer of the student; both must cut words into the same pieces, whatever the
            numbers of the pieces, as BERT and MPNet do.

    Raises:
        ModelError: The vocabularies differ.
    """

    def __init__(self, model: QuotestanceModel, encoder: WordPieces, student: WordPieces) -> None:
        self._model = model.eval().requires_grad_(False)
        self._encoder = encoder
        self._ids = _translation(student, encoder)

    def to(self, device: torch.device) -> Teacher:
        """Move the teacher to a device."""
        self._model.to(device)
        return self

    def quote_loss(
        self, model: QuotestanceModel, windows: Sequence[QuoteWindow], words: Sequence[Tensor]
    ) -> Tensor:
        """Divergence of the student's outer tags and links from the teacher's, a mean each.

        Windows of made articles do not count.

        Args:
            model: The student.
            windows: A batch of windows.
            words: Its states of the words of each window: ``[words, width]``.
        """
        known = [i for i, window in enumerate(windows) if not window.made]
        windows, words = [windows[i] for i in known], [words[i] for i in known]
        if not windows:
            return torch.zeros((), device=model.device)
        with torch.no_grad():
            pieces = [self._ids[window.pieces] for window in windows]
            taught = word_states(self._model, windows, self._encoder, pieces)
        tags = _divergence(
            model.tags(torch.cat(list(words)))[:, _OUTER],
            self._model.tags(torch.cat(taught))[:, _OUTER],
        )
        parts = [_TAGS * tags.sum(-1).mean()]
        links = []
        for window, states, aims in zip(windows, words, taught, strict=True):
            if window.content:
                spans = torch.tensor([piece.span for piece in window.content], device=states.device)
                scores, goals = model.linker(states, spans), self._model.linker(aims, spans)
                links += [_divergence(scores[name], goals[name]) for name in _LINKS]
        if links:
            parts.append(torch.cat(links).mean())
        return torch.stack(parts).sum()

    def stance_loss(self, texts: Sequence[MarkedText], logits: Tensor) -> Tensor:
        """Divergence of the student's stance logits ``[texts, 3]`` from the teacher's."""
        pieces = [self._ids[text.pieces] for text in texts]
        with torch.no_grad():
            return _divergence(
                logits, stance_logits(self._model, texts, self._encoder, pieces)
            ).mean()


def _divergence(student: Tensor, teacher: Tensor) -> Tensor:
    """Kullback-Leibler divergence over the last axis: ``[..., classes] -> [...]``."""
    return F.kl_div(
        student.float().log_softmax(-1),
        teacher.float().log_softmax(-1),
        reduction="none",
        log_target=True,
    ).sum(-1)


def _translation(student: WordPieces, teacher: WordPieces) -> NDArray[np.int64]:
    """Number of each of the student's pieces in the teacher's vocabulary: ``[pieces]``."""
    mine, theirs = student.vocabulary(), teacher.vocabulary()
    missing = [piece for piece in mine if piece not in theirs]
    if len(missing) > _MOST_MISSING * len(mine):
        raise ModelError(
            f"expected a teacher with the student's vocabulary, found {len(missing)} of "
            f"{len(mine)} pieces missing, such as {missing[:3]}",
            hint="train teacher and student on encoders with one vocabulary: BERT uncased, MPNet",
        )
    ids = np.full(max(mine.values()) + 1, teacher.unknown, dtype=np.int64)
    for piece, index in mine.items():
        ids[index] = theirs.get(piece, teacher.unknown)
    return ids
