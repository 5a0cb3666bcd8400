"""What a training run can be told: presets, a TOML file, and single options on top."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotestance.errors import InputError
from quotestance.jsonl import decode

TASKS = ("quotes", "attribution", "speakers", "stance")
PRECISIONS = ("auto", "bf16", "fp32")
CALIBRATIONS = ("auto", "keep", "refit")


@dataclass(frozen=True)
class Settings:
    """Settings of a training run; the defaults are for fine-tuning a trained model.

    Args:
        epochs: Passes over the train data, from 1.
        lr: Peak learning rate of the top layer of the encoder, above 0.
        head_lr: Peak rate of everything but the encoder; None for 16/3 of ``lr``.
        layer_decay: Factor of the rate from each layer to the one below, above 0 to 1.
        weight_decay: Pull of the weights toward zero (AdamW), from 0.
        pull: Share (0 up to 1) of the distance to the starting weights that each step at the
            peak rate takes back, against forgetting.
        freeze_layers: How many of the lowest encoder layers stay as they are, with the word
            embeddings; 0 for none.
        replay_ratio: Replayed examples for each new one, from 0, where there is replay data.
        batch_tokens: Word pieces of a batch, padding counted, from 64.
        grad_accumulation: Batches of one step, from 1.
        average_decay: Decay of the running average of the weights that is kept in the end, from
            0 (the last weights) to below 1.
        blend: Share (above 0 to 1) of the way from the starting weights to the trained ones at
            which the kept weights lie, against forgetting; 1 for the trained ones.
        patience: Epochs without a better dev figure after which training stops; 0 for never.
        nested: Whether to make examples of a quote in a quote, where the data allows it.
        attributions: Whether the dev figures count every attribution as PolNeAR does, or only
            quotes by the labelling guide.
        calibration: ``keep`` the calibration of the starting model, ``refit`` all of it on the
            dev articles, or ``auto``: as much of it as there are dev quotes for.
        precision: ``bf16``, ``fp32``, or ``auto``: bf16 where the device computes in it.
        save_steps: Steps between checkpoints, from 1; one is written after each epoch as well.
        seed: Seed of every draw.
    """

    epochs: int = 6
    lr: float = 1e-4
    head_lr: float | None = None
    layer_decay: float = 0.9
    weight_decay: float = 0.0
    pull: float = 0.002
    freeze_layers: int = 0
    replay_ratio: float = 1.0
    batch_tokens: int = 2048
    grad_accumulation: int = 1
    average_decay: float = 0.99
    blend: float = 0.5
    patience: int = 5
    nested: bool = True
    attributions: bool = False
    calibration: str = "auto"
    precision: str = "auto"
    save_steps: int = 150
    seed: int = 1

    def __post_init__(self) -> None:
        for name, (low, high, above) in _RANGES.items():
            _check_range(name, getattr(self, name), low, high, above)
        _check_choice("calibration", self.calibration, CALIBRATIONS)
        _check_choice("precision", self.precision, PRECISIONS)

    @property
    def rate_of_heads(self) -> float:
        """Peak rate of everything but the encoder."""
        return self.lr * 16 / 3 if self.head_lr is None else self.head_lr

    def replace(self, **changes: Any) -> Settings:
        """A copy with some settings changed.

        Raises:
            InputError: A setting is unknown, of another type, or out of range.
        """
        for name, value in changes.items():
            _check_type(name, value)
        numbers = {
            k: float(v) for k, v in changes.items() if _TYPES[k] == "float" and v is not None
        }
        return dataclasses.replace(self, **(changes | numbers))

    def to_dict(self) -> dict[str, Any]:
        """Names and values."""
        return dataclasses.asdict(self)


_TYPES = {f.name: str(f.type).removesuffix(" | None") for f in dataclasses.fields(Settings)}
# Lowest, highest, and whether the lowest (True) or the highest (False) itself is refused.
_RANGES: Mapping[str, tuple[float, float | None, bool | None]] = {
    "epochs": (1, None, None),
    "lr": (0, None, True),
    "rate_of_heads": (0, None, True),
    "layer_decay": (0, 1, True),
    "weight_decay": (0, None, None),
    "pull": (0, 1, False),
    "freeze_layers": (0, None, None),
    "replay_ratio": (0, None, None),
    "batch_tokens": (64, None, None),
    "grad_accumulation": (1, None, None),
    "average_decay": (0, 1, False),
    "blend": (0, 1, True),
    "patience": (0, None, None),
    "save_steps": (1, None, None),
}


def read_config(path: str | Path) -> dict[str, Any]:
    """Settings of a TOML file, and ``tasks`` where it names any.

    Raises:
        InputError: The file cannot be read, does not parse, or holds an unknown key.
    """
    try:
        values = tomllib.loads(decode(Path(path).read_bytes(), path))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"expected TOML, found a fault: {error}",
            file=path,
            hint="write lines such as: lr = 1e-4",
        ) from None
    try:
        for name, value in values.items():
            if name != "tasks":
                _check_type(name, value)
    except InputError as error:
        raise error.at(path) from None
    return values


def check_tasks(tasks: Sequence[str]) -> tuple[str, ...]:
    """The tasks in their usual order, each once.

    Raises:
        InputError: One is unknown, or there is none.
    """
    if isinstance(tasks, str) or not all(isinstance(task, str) for task in tasks):
        raise InputError(
            f"expected a list of tasks, found {tasks!r}", field="tasks", hint='tasks=["quotes"]'
        )
    for task in tasks:
        _check_choice("tasks", task, TASKS)
    if not tasks:
        raise InputError("expected at least one of " + ", ".join(TASKS), field="tasks")
    return tuple(task for task in TASKS if task in tasks)


def _check_type(name: str, value: object) -> None:
    if name not in _TYPES:
        raise InputError(
            f"expected one of {', '.join(_TYPES)}, found {name!r}",
            field=name,
            hint="see docs/fine-tuning.md for what each setting does",
        )
    expected = _TYPES[name]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    right = {
        "int": number and isinstance(value, int),
        "float": number or (value is None and name == "head_lr"),
        "bool": isinstance(value, bool),
        "str": isinstance(value, str),
    }
    if not right[expected]:
        raise InputError(f"expected {_WORDS[expected]}, found {value!r}", field=name)


_WORDS = {"int": "a whole number", "float": "a number", "bool": "true or false", "str": "a string"}


def _check_range(
    name: str, value: float, low: float, high: float | None, open_end: bool | None
) -> None:
    fits = value > low if open_end else value >= low
    if high is not None:
        fits = fits and (value < high if open_end is False else value <= high)
    if not fits:
        lowest = f"above {low}" if open_end else f"from {low}"
        highest = "" if high is None else f" to {'below ' if open_end is False else ''}{high}"
        field = "head_lr" if name == "rate_of_heads" else name
        raise InputError(f"expected a number {lowest}{highest}, found {value}", field=field)


def _check_choice(field: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise InputError(f"expected one of {', '.join(allowed)}, found {value!r}", field=field)


#: Fine-tuning a trained model on a newsroom's own articles.
FINE_TUNE = Settings()

#: Training from a bare encoder.
SCRATCH = Settings(
    lr=1.5e-4,
    head_lr=8e-4,
    weight_decay=0.01,
    pull=0.0,
    batch_tokens=4096,
    average_decay=0.997,
    blend=1.0,
    patience=0,
)
