"""What a network in training makes of a batch: states of words, logits of stance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quotestance.network.batches import pad_windows
from quotestance.network.marking import MarkedText
from quotestance.network.model import QuotestanceModel
from quotestance.training.quote_examples import QuoteWindow
from quotestance.windows import WordPieces

Pieces = Sequence[NDArray[np.int64]]


def word_states(
    model: QuotestanceModel,
    windows: Sequence[QuoteWindow],
    encoder: WordPieces,
    pieces: Pieces | None = None,
) -> list[Tensor]:
    """States of the words of each window, read at their first pieces: ``[words, width]`` each.

    Args:
        model: The network.
        windows: Windows of articles.
        encoder: Tokenizer of the network.
        pieces: Vocabulary ids in the place of those of the windows.
    """
    ids = [w.pieces for w in windows] if pieces is None else pieces
    inputs = pad_windows(ids, [w.features for w in windows], encoder)
    states = model(**{k: v.to(model.device) for k, v in inputs.items()})
    return [
        states[i, 1 + torch.from_numpy(w.first).to(states.device)] for i, w in enumerate(windows)
    ]


def stance_logits(
    model: QuotestanceModel,
    texts: Sequence[MarkedText],
    encoder: WordPieces,
    pieces: Pieces | None = None,
) -> Tensor:
    """Stance logits ``[texts, 3]`` of marked texts; arguments as of ``word_states``."""
    ids = [t.pieces for t in texts] if pieces is None else pieces
    inputs = pad_windows(ids, [t.features for t in texts], encoder, [t.roles for t in texts])
    inputs = {k: v.to(model.device) for k, v in inputs.items()}
    states = model(**inputs)
    words = (inputs["features"][..., 0] >= 0) & (inputs["attention_mask"] > 0)
    return model.stance(states, words, inputs["features"][..., 3])  # type: ignore[no-any-return]
