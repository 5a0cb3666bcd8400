"""What a finished training run tells."""

from __future__ import annotations

import dataclasses
import math
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from quotestance.evaluation.bootstrap import Difference, Scores, compare
from quotestance.training.callbacks import Epoch
from quotestance.training.labelled import Source
from quotestance.training.settings import Settings

if TYPE_CHECKING:
    from quotestance.pipeline import Pipeline

#: Figures of the model card, in this order, where the dev articles have labels for them.
CARD_FIGURES = (
    *("content_token_f1", "exact_f1", "half_overlap_f1", "relation_f1", "quoted_relation_f1"),
    *("speaker_right", "mode_accuracy", "denied_f1", "target_match", "macro_f1"),
)


@dataclass(frozen=True)
class TrainResult:
    """A trained model and how it came about.

    Args:
        folder: The checkpoint; ``qs.load(result.folder)`` loads it.
        init: What training started from.
        init_sha256: Checksum of its weights; empty where they do not lie in one file.
        bare: Whether that was a bare encoder rather than a trained model.
        tasks: What was trained.
        figure: Name of the dev figure that decided.
        history: That figure before training and after each epoch.
        best: The epoch whose weights were kept; 0 where no epoch was better than the start.
        stopped_early: Whether training ended before its last epoch.
        before: All dev figures of the starting weights.
        after: All dev figures of the trained model.
        calibrated: What of the calibration was fitted on the dev articles.
        data: Name of the argument to where its articles came from.
        settings: Settings of the run.
        steps: Steps taken.
        seconds: Time taken, since the last resumption.
        machine: Processor or GPU, threads, and the precision computed in.
        command: What was called.
    """

    folder: Path
    init: str
    init_sha256: str
    bare: bool
    tasks: tuple[str, ...]
    figure: str
    history: tuple[Epoch, ...]
    best: int
    stopped_early: bool
    before: Scores
    after: Scores
    calibrated: tuple[str, ...]
    data: Mapping[str, tuple[Source, ...]]
    settings: Settings
    steps: int
    seconds: float
    machine: str
    command: str

    @property
    def differences(self) -> dict[str, Difference]:
        """Each figure before and after, with the paired 95 % interval of the difference."""
        return compare(self.before, self.after)

    @property
    def shown(self) -> tuple[str, ...]:
        """The figures of the card that the dev articles have labels for."""
        sources = self.after["source_token_f1"].n > 0
        return tuple(
            name
            for name in CARD_FIGURES
            if self.after[name].n
            and not math.isnan(self.after[name].value)
            and (sources or "relation" not in name)
        )

    def load(self) -> Pipeline:
        """The trained model, ready to annotate."""
        from quotestance.pipeline import load

        return load(self.folder)

    def to_dict(self) -> dict[str, Any]:
        """JSON object: everything that the model card says."""
        found = self.differences
        differences = {name: _difference(found[name]) for name in self.shown}
        return {
            "init": self.init,
            "init_sha256": self.init_sha256,
            "bare": self.bare,
            "tasks": list(self.tasks),
            "figure": self.figure,
            "history": [dataclasses.asdict(epoch) for epoch in self.history],
            "best_epoch": self.best,
            "stopped_early": self.stopped_early,
            "figures": self.after.to_dict(),
            "figures_before": self.before.to_dict(),
            "differences": differences,
            "calibrated": list(self.calibrated),
            "data": {
                name: [dataclasses.asdict(source) for source in sources]
                for name, sources in self.data.items()
            },
            "settings": self.settings.to_dict(),
            "steps": self.steps,
            "seconds": round(self.seconds, 1),
            "machine": self.machine,
            "command": self.command,
            "versions": versions(),
        }


def _difference(found: Difference) -> dict[str, float]:
    return {name: round(value, 4) for name, value in dataclasses.asdict(found).items()}


def machine(device: torch.device, bf16: bool) -> str:
    """Where training computes, and how precisely: with both the same, weights can be repeated."""
    place = f"{platform.machine()} CPU, {torch.get_num_threads()} threads"
    if device.type == "cuda":
        place = torch.cuda.get_device_name(device)
    return f"{place}, {'bf16' if bf16 else 'fp32'}"


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that training depends on."""
    import quotestance

    out = {"python": platform.python_version(), "quotestance": quotestance.__version__}
    for package in ("torch", "transformers", "tokenizers", "accelerate", "numpy"):
        try:
            out[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return out
