"""Padded tensors of windows for one encoder pass."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quotestance.windows import WordPieces

Ints = NDArray[np.int64]


def pad_windows(
    pieces: Sequence[Ints],
    features: Sequence[Ints],
    encoder: WordPieces,
    roles: Sequence[Ints] | None = None,
) -> dict[str, Tensor]:
    """Inputs of ``QuotestanceModel.forward`` for windows of any length.

    Args:
        pieces: Vocabulary ids of each window, without special tokens.
        features: ``[pieces, 3]`` of each window.
        encoder: Gives the special tokens.
        roles: Role of each piece; 0 where left out.

    Returns:
        ``input_ids`` and ``attention_mask`` ``[batch, longest + 2]``, ``features``
        ``[batch, longest + 2, 4]``.
    """
    longest = max(len(p) for p in pieces) + 2
    ids = np.full((len(pieces), longest), encoder.pad, dtype=np.int64)
    mask = np.zeros_like(ids)
    feats = np.zeros((len(pieces), longest, 4), dtype=np.int64)
    for row, (ids_of_row, features_of_row) in enumerate(zip(pieces, features, strict=True)):
        n = len(ids_of_row)
        ids[row, 0], ids[row, 1 : n + 1], ids[row, n + 1] = encoder.cls, ids_of_row, encoder.sep
        mask[row, : n + 2] = 1
        feats[row, 1 : n + 1, :3] = features_of_row
        if roles is not None:
            feats[row, 1 : n + 1, 3] = roles[row]
    arrays = {"input_ids": ids, "attention_mask": mask, "features": feats}
    return {name: torch.from_numpy(array) for name, array in arrays.items()}
