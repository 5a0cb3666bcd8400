"""What happens between the steps of a training run: the pull to the start, progress, dev figure."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import TrainerCallback

Weights = Mapping[str, Tensor]
Report = Callable[[str], None]


class PullToStart(TrainerCallback):
    """After each step, moves the weights a little back to where training started.

    The pull follows the learning rate: at its peak a step takes back ``strength`` of the way.

    Args:
        model: The network before the first step.
        strength: Share of the way, from 0 to below 1.

    Source:
        Li, Grandvalet and Davoine 2018 (L2-SP), decoupled from the gradient as in Loshchilov and
        Hutter 2019.
    """

    def __init__(self, model: nn.Module, strength: float) -> None:
        self.strength = strength
        self.start = {name: p.detach().clone() for name, p in model.named_parameters()}

    def on_optimizer_step(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Take back a share of what the steps so far have moved."""
        del args, state, control
        group = kwargs["optimizer"].param_groups[0]
        share = self.strength * group["lr"] / group.get("initial_lr", group["lr"] or 1.0)
        with torch.no_grad():
            for name, parameter in kwargs["model"].named_parameters():
                if parameter.requires_grad:
                    start = self.start[name] = self.start[name].to(parameter.device)
                    parameter.lerp_(start, share)


class Progress(TrainerCallback):
    """Reports step, loss and time left, a line each time the trainer logs.

    Args:
        report: Called with each line.
        steps_per_epoch: Steps of one pass.
    """

    def __init__(self, report: Report, steps_per_epoch: float) -> None:
        self._report = report
        self._per_epoch = steps_per_epoch
        self._start = (0, time.monotonic())

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Start the clock."""
        del args, control, kwargs
        self._start = (state.global_step, time.monotonic())

    def on_log(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Report the losses of the last steps."""
        del args, control
        logs = kwargs.get("logs") or {}
        if "loss" not in logs or not state.is_world_process_zero:
            return
        first, began = self._start
        done, spent = state.global_step - first, time.monotonic() - began
        left = spent / max(done, 1) * (state.max_steps - state.global_step)
        parts = ", ".join(
            f"{name.removeprefix('loss_')} {value:.3f}"
            for name, value in logs.items()
            if name.startswith("loss_")
        )
        self._report(
            f"step {state.global_step} of {state.max_steps}, "
            f"epoch {state.global_step / self._per_epoch:.1f}, loss {logs['loss']:.3f} ({parts}), "
            f"{_clock(spent)} gone, about {_clock(left)} left"
        )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


@dataclass(frozen=True)
class Epoch:
    """The dev figure after one epoch.

    Args:
        epoch: Number of the epoch; 0 for the starting weights.
        step: Steps taken.
        figure: Dev figure in percent.
    """

    epoch: int
    step: int
    figure: float


class DevWatch(TrainerCallback):
    """Measures the averaged weights after each epoch, keeps the best, and stops in time.

    Args:
        measure: The dev figure, in percent, of some weights.
        name: Name of the figure.
        folder: Where the best weights and the history are kept for resuming.
        ends: Step at which each epoch ends, in order.
        patience: Epochs without a better figure after which training stops; 0 for never.
        report: Called with a line an epoch.
    """

    HISTORY, BEST = "dev.json", "best.safetensors"

    def __init__(
        self,
        measure: Callable[[Weights], float],
        name: str,
        folder: Path,
        ends: list[int],
        patience: int,
        report: Report,
    ) -> None:
        self.history: list[Epoch] = []
        self.stopped_early = False
        self._measure = measure
        self._name = name
        self._folder = folder
        self._ends = ends
        self._patience = patience
        self._report = report
        self._weights: Callable[[], Weights] = dict
        self._log: Callable[[dict[str, float]], None] = lambda _: None

    def watch(
        self, weights: Callable[[], Weights], log: Callable[[dict[str, float]], None]
    ) -> None:
        """Say where the weights to measure come from, and where figures are logged."""
        self._weights = weights
        self._log = log

    @property
    def best(self) -> Epoch:
        """The epoch with the highest figure, the first of equals."""
        return max(self.history, key=lambda epoch: (epoch.figure, -epoch.epoch))

    def best_weights(self) -> dict[str, Tensor]:
        """The averaged weights of the best epoch."""
        return load_file(self._folder / self.BEST)

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Measure the starting weights, or pick up the history up to the checkpoint."""
        del args, kwargs
        file = self._folder / self.HISTORY
        if state.global_step and file.exists():
            told = [Epoch(**row) for row in json.loads(file.read_text(encoding="utf-8"))]
            self.history = [epoch for epoch in told if epoch.step <= state.global_step]
            self._stop(control)
        else:
            self._add(state)

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """At the end of an epoch: measure, save, and stop where nothing gets better."""
        del args, kwargs
        if state.global_step in self._ends and self.history[-1].step < state.global_step:
            self._add(state)
            control.should_save = True
            self._stop(control)

    def _add(self, state: Any) -> None:
        weights = self._weights()
        figure = self._measure(weights)
        epoch = Epoch(len(self.history), state.global_step, 0.0 if math.isnan(figure) else figure)
        self.history.append(epoch)
        self._log({f"dev_{self._name}": epoch.figure})
        first = state.is_world_process_zero
        if self.best is epoch and first:
            _replace(self._folder / self.BEST, lambda file: save_file(dict(weights), file))
        if first:
            told = json.dumps([asdict(epoch) for epoch in self.history], indent=1)
            _replace(self._folder / self.HISTORY, lambda file: file.write_text(told))
            mark = " (best so far)" if self.best is epoch and epoch.epoch else ""
            when = f"after epoch {epoch.epoch}" if epoch.epoch else "before training"
            self._report(f"{when}: {self._name} {epoch.figure:.1f} on the dev articles{mark}")

    def _stop(self, control: Any) -> None:
        waited = len(self.history) - 1 - self.best.epoch
        if self._patience and waited >= self._patience:
            self.stopped_early = True
            control.should_training_stop = True


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file so that a kill leaves the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    write(partial)
    partial.replace(path)
