"""The one training path: a ``transformers.Trainer`` over a mixture of tasks."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.utils.data import Sampler, SequentialSampler
from transformers import Trainer, TrainerCallback, TrainingArguments

from quotestance.network.model import QuotestanceModel
from quotestance.training.losses import antecedent_loss, quote_loss, stance_loss
from quotestance.training.mixture import Batch, Mixture
from quotestance.windows import WordPieces

LOSSES = {"quotes": quote_loss, "stance": stance_loss, "antecedents": antecedent_loss}


@dataclass
class QuotestanceArguments(TrainingArguments):
    """Arguments of a training run, on top of those of transformers.

    Args:
        head_learning_rate: Peak rate of everything but the encoder.
        layer_decay: Factor of the encoder's rate from each layer to the one below.
        average_decay: Decay of the running average of the weights that is kept in the end;
            0 keeps the last weights.
    """

    head_learning_rate: float = field(default=8e-4)
    layer_decay: float = field(default=0.9)
    average_decay: float = field(default=0.997)


class WeightAverage(TrainerCallback):  # type: ignore[misc]
    """Running average of the weights, saved and resumed with each checkpoint.

    Source: Polyak & Juditsky 1992; the exponential form as in Tarvainen & Valpola 2017.
    """

    FILE = "average.safetensors"

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.shadow = {name: p.detach().clone() for name, p in model.named_parameters()}

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Pick up the average of the checkpoint that training resumes from."""
        del control, kwargs
        file = Path(args.output_dir) / f"checkpoint-{state.global_step}" / self.FILE
        if state.global_step and file.exists():
            self.shadow = load_file(file)

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Move the average toward the current weights; early steps weigh more."""
        del args, control
        decay = min(self.decay, (1 + state.global_step) / (10 + state.global_step))
        with torch.no_grad():
            for name, parameter in kwargs["model"].named_parameters():
                self.shadow[name].lerp_(parameter.detach(), 1 - decay)

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Write the average beside the checkpoint."""
        del control, kwargs
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        save_file(self.shadow, folder / self.FILE)

    def apply(self, model: nn.Module) -> None:
        """Put the averaged weights into the model."""
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.copy_(self.shadow[name])


class QuotestanceTrainer(Trainer):  # type: ignore[misc]
    """Trains all heads of the network on a mixture of tasks.

    Args:
        model: The network.
        args: Arguments of the run.
        mixture: Batches in the order of training.
        encoder: Tokenizer of the network.
    """

    def __init__(
        self,
        model: QuotestanceModel,
        args: QuotestanceArguments,
        mixture: Mixture,
        encoder: WordPieces,
        callbacks: list[TrainerCallback] | None = None,
    ) -> None:
        self.encoder = encoder
        self.average = WeightAverage(model, args.average_decay) if args.average_decay else None
        self._sums: dict[str, list[float]] = {}
        self._started = time.monotonic()
        chosen = [*(callbacks or []), *([self.average] if self.average else [])]
        super().__init__(
            model=model,
            args=args,
            train_dataset=mixture,
            data_collator=_single,
            callbacks=chosen,
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
            parts = LOSSES[batch.task](model, batch.items, self.encoder)
        for name, value in parts.items():
            self._sums.setdefault(name, []).append(float(value.detach()))
        loss = torch.stack(list(parts.values())).sum()
        return (loss, parts) if return_outputs else loss

    def log(self, logs: dict[str, float], *args: Any, **kwargs: Any) -> None:
        """Add the mean of each part of the loss since the last log."""
        if "loss" in logs:
            logs |= {f"loss_{k}": round(sum(v) / len(v), 4) for k, v in self._sums.items()}
            logs["minutes"] = round((time.monotonic() - self._started) / 60, 1)
            self._sums.clear()
        super().log(logs, *args, **kwargs)


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
