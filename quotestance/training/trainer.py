"""The one training path: a ``transformers.Trainer`` over a mixture of tasks."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.utils.data import Sampler, SequentialSampler
from transformers import Trainer, TrainerCallback, TrainingArguments

from quotestance.network.model import QuotestanceModel
from quotestance.training.distillation import Teacher
from quotestance.training.losses import antecedent_loss, quote_loss, stance_loss
from quotestance.training.mixture import Batch, Mixture
from quotestance.windows import WordPieces

Loss = Callable[[QuotestanceModel, Any, WordPieces], dict[str, Tensor]]


def losses(teacher: Teacher | None = None) -> dict[str, Loss]:
    """The loss of each task; what a teacher knows of, it has a say in."""
    return {
        "quotes": functools.partial(quote_loss, teacher=teacher),
        "stance": functools.partial(stance_loss, teacher=teacher),
        "antecedents": antecedent_loss,
    }


@dataclass
class QuotestanceArguments(TrainingArguments):
    """Arguments of a training run, on top of those of transformers.

    Args:
        head_learning_rate: Peak rate of everything but the encoder.
        layer_decay: Factor of the encoder's rate from each layer to the one below.
        average_decay: Decay of the running average of the weights that is kept in the end;
            0 keeps the last weights.
        blend: How far of the way from the starting weights to those the kept ones lie.
    """

    head_learning_rate: float = field(default=8e-4)
    layer_decay: float = field(default=0.9)
    average_decay: float = field(default=0.997)
    blend: float = field(default=1.0)


class WeightAverage(TrainerCallback):  # type: ignore[misc]
    """Running average of the weights, saved and resumed with each checkpoint.

    Args:
        model: The network before the first step.
        decay: Decay of the average; 0 for the last weights.
        blend: Share (above 0 to 1) of the way from the start to the average at which the kept
            weights lie.

    Source:
        Polyak & Juditsky 1992, the exponential form as in Tarvainen & Valpola 2017; the blend is
        that of Wortsman et al. 2022 (WiSE-FT).
    """

    FILE = "average.safetensors"

    def __init__(self, model: nn.Module, decay: float, blend: float = 1.0) -> None:
        self.decay = decay
        self.blend = blend
        self.shadow = {name: p.detach().clone() for name, p in model.named_parameters()}
        self._start = {name: p.clone() for name, p in self.shadow.items()} if blend < 1 else {}

    def kept(self) -> dict[str, Tensor]:
        """The average, moved back toward the start."""
        if self.blend == 1:
            return self.shadow
        return {
            name: self._start[name].to(average.device).lerp(average, self.blend)
            for name, average in self.shadow.items()
        }

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Pick up the average of the checkpoint that training resumes from."""
        del control
        file = Path(args.output_dir) / f"checkpoint-{state.global_step}" / self.FILE
        if state.global_step and file.exists():
            saved = load_file(file)
            self.shadow = {name: saved[name] for name in self.shadow}
        for name, parameter in kwargs["model"].named_parameters():
            self.shadow[name] = self.shadow[name].to(parameter.device)

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Move the average toward the current weights; early steps weigh more."""
        del args, control
        decay = min(self.decay, (1 + state.global_step) / (10 + state.global_step))
        with torch.no_grad():
            for name, parameter in kwargs["model"].named_parameters():
                self.shadow[name].lerp_(parameter.detach(), 1 - decay)

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Write the average beside the checkpoint, last of all: with it a checkpoint is whole."""
        del control, kwargs
        if args.should_save:
            file = Path(args.output_dir) / f"checkpoint-{state.global_step}" / self.FILE
            partial = file.with_suffix(".partial")
            save_file(self.shadow, partial)
            partial.replace(file)


def last_checkpoint(folder: Path) -> Path | None:
    """The newest whole checkpoint of a run; one that a kill cut short is passed over."""
    found = (
        (int(path.name.rpartition("-")[2]), path)
        for path in folder.glob("checkpoint-*")
        if path.name.rpartition("-")[2].isdigit() and _is_whole(path / WeightAverage.FILE)
    )
    return max(found, default=(0, None))[1]


def _is_whole(file: Path) -> bool:
    try:
        with safe_open(file, framework="pt"):
            return True
    except (OSError, SafetensorError):
        return False


class QuotestanceTrainer(Trainer):  # type: ignore[misc]
    """Trains all heads of the network on a mixture of tasks.

    Args:
        model: The network.
        args: Arguments of the run.
        mixture: Batches in the order of training.
        encoder: Tokenizer of the network.
        parts: Names of the parts of the loss that count; None for all.
        callbacks: Called before the weights are averaged.
        teacher: A larger network to learn from as well; None for none.
    """

    def __init__(
        self,
        model: QuotestanceModel,
        args: QuotestanceArguments,
        mixture: Mixture,
        encoder: WordPieces,
        parts: Collection[str] | None = None,
        callbacks: list[TrainerCallback] | None = None,
        teacher: Teacher | None = None,
    ) -> None:
        self.encoder = encoder
        self.average = WeightAverage(model, args.average_decay, args.blend)
        self._parts = parts
        self._sums: dict[str, list[float]] = {}
        self._started = time.monotonic()
        self._losses = losses(teacher.to(args.device) if teacher else None)
        if args.world_size > 1:
            _answer_batches(model, encoder, self._losses)
        super().__init__(
            model=model,
            args=args,
            train_dataset=mixture,
            data_collator=_single,
            callbacks=[*(callbacks or []), self.average],
        )

    def _get_train_sampler(self, *_: Any) -> Sampler[int]:
        return SequentialSampler(self.train_dataset)

    def _remove_unused_columns(self, dataset: Any, *_: Any, **__: Any) -> Any:
        return dataset

    def create_optimizer(self, *_: Any, **__: Any) -> torch.optim.Optimizer:
        """AdamW with a rate for each layer and no decay of biases and norms."""
        if self.optimizer is None:
            self.optimizer = torch.optim.AdamW(
                parameter_groups(self.model, self.args), betas=(0.9, 0.98), eps=1e-6
            )
        return self.optimizer

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | None = None,
    ) -> Any:
        """Sum of the weighted losses of the batch's task."""
        del num_items_in_batch
        batch: Batch = inputs["batch"]
        with self.compute_loss_context_manager():
            if self.args.world_size > 1:
                parts = model(batch=batch)
            else:
                network = cast(QuotestanceModel, model)
                parts = self._losses[batch.task](network, batch.items, self.encoder)
        kept = {k: v for k, v in parts.items() if self._parts is None or k in self._parts}
        for name, value in kept.items():
            self._sums.setdefault(name, []).append(float(value.detach()))
        # A batch may hold no label of the tasks that are trained.
        loss = torch.stack(list((kept or parts).values())).sum() * (1.0 if kept else 0.0)
        return (loss, kept) if return_outputs else loss

    def log(self, logs: dict[str, float], *args: Any, **kwargs: Any) -> None:
        """Add the mean of each part of the loss since the last log."""
        if "loss" in logs:
            logs |= {f"loss_{k}": round(sum(v) / len(v), 4) for k, v in self._sums.items()}
            logs["minutes"] = round((time.monotonic() - self._started) / 60, 1)
            self._sums.clear()
        super().log(logs, *args, **kwargs)


def _answer_batches(
    model: QuotestanceModel, encoder: WordPieces, losses: Mapping[str, Loss]
) -> None:
    """Let ``model(batch=...)`` give the losses of a batch.

    Over several processes gradients are joined only where all that is trained runs within one
    call of the wrapped model, the heads included.
    """
    states = model.forward

    def forward(*args: Any, batch: Batch | None = None, **kwargs: Any) -> Any:
        if batch is None:
            return states(*args, **kwargs)
        return losses[batch.task](model, batch.items, encoder)

    model.forward = forward


def _single(items: list[Batch]) -> dict[str, Batch]:
    return {"batch": items[0]}


def parameter_groups(model: nn.Module, args: QuotestanceArguments) -> list[dict[str, Any]]:
    """Parameters grouped by learning rate and weight decay.

    Layer ``k`` of ``n`` gets ``learning_rate * layer_decay ** (n - 1 - k)``, embeddings the rate
    of the layer below the first; heads and input features ``head_learning_rate``.
    """
    depth = model.config.encoder.get("num_hidden_layers", 12)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("encoder."):
            parts = name.split(".")
            layer = int(parts[parts.index("layer") + 1]) if "layer" in parts else -1
            rate = args.learning_rate * args.layer_decay ** (depth - 1 - layer)
        else:
            rate = args.head_learning_rate
        plain = parameter.ndim < 2 or "norm" in name.lower() or name.startswith("features.")
        groups.setdefault((rate, 0.0 if plain else args.weight_decay), []).append(parameter)
    return [
        {"params": params, "lr": rate, "weight_decay": decay}
        for (rate, decay), params in groups.items()
    ]
