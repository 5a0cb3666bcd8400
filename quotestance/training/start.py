"""What training starts from: a trained model, or a bare encoder."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from quotestance.network.checkpoint import CONFIG, WEIGHTS, find_folder, load_checkpoint
from quotestance.network.model import QuotestanceModel
from quotestance.training.initial import from_encoder
from quotestance.training.run import seed_everything
from quotestance.windows import WordPieces

_BARE = ("bert", "mpnet")


@dataclass(frozen=True)
class Start:
    """What training starts from.

    Args:
        folder: Where it lies.
        name: What the model card calls it.
        bare: Whether it is an encoder without heads.
    """

    folder: Path
    name: str
    bare: bool

    @functools.cached_property
    def sha256(self) -> str:
        """Checksum of the weights; empty where they do not lie in one file."""
        file = self.folder / WEIGHTS
        return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""

    def build(self, seed: int) -> tuple[QuotestanceModel, WordPieces]:
        """The network with its tokenizer; fresh heads are drawn from the seed."""
        seed_everything(seed)
        return from_encoder(self.folder) if self.bare else load_checkpoint(self.folder)


def open_start(init: str | Path | None) -> Start:
    """Find what training starts from; nothing is loaded yet.

    Args:
        init: None for the shipped model, the folder of a checkpoint or of a bare encoder, or a hub
            name.

    Raises:
        ModelError: There is nothing under that name.
    """
    folder = find_folder(init)
    name = str(init) if init is not None else f"{folder.name} (shipped)"
    try:
        told = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        kind = told.get("model_type")
    except (OSError, ValueError, AttributeError):
        kind = None  # load_checkpoint says what is wrong with it
    return Start(folder, name, kind in _BARE)
