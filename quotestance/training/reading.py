"""What a network in training makes of a batch: states of words, logits of stance."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from quotestance.network.batches import pad_windows
from quotestance.network.marking import MarkedText
from quotestance.network.model import QuotestanceModel
from quotestance.training.quote_examples import QuoteWindow
from quotestance.windows import WordPieces


def word_states(
    model: QuotestanceModel, windows: Sequence[QuoteWindow], encoder: WordPieces
) -> list[Tensor]:
    """States of the words of each window, read at their first pieces: ``[words, width]`` each."""
    inputs = pad_windows([w.pieces for w in windows], [w.features for w in windows], encoder)
    states = model(**{k: v.to(model.device) for k, v in inputs.items()})
    return [
        states[i, 1 + torch.from_numpy(w.first).to(states.device)] for i, w in enumerate(windows)
    ]


def stance_logits(
    model: QuotestanceModel, texts: Sequence[MarkedText], encoder: WordPieces
) -> Tensor:
    """Stance logits ``[texts, 3]`` of marked texts."""
    inputs = pad_windows(
        [t.pieces for t in texts],
        [t.features for t in texts],
        encoder,
        [t.roles for t in texts],
    )
    inputs = {k: v.to(model.device) for k, v in inputs.items()}
    states = model(**inputs)
    words = (inputs["features"][..., 0] >= 0) & (inputs["attention_mask"] > 0)
    return model.stance(states, words, inputs["features"][..., 3])  # type: ignore[no-any-return]
