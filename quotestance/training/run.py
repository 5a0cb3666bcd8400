"""One run of training: the loop that ``qs.train`` and ``scripts/train_small.py`` share."""

from __future__ import annotations

import importlib.util
import math
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import PrinterCallback, TrainerCallback, set_seed
from transformers.utils import logging as transformers_logging

from quotestance.errors import InputError, MissingExtraError
from quotestance.network.model import QuotestanceModel
from quotestance.training.callbacks import DevWatch, Progress, PullToStart, Report
from quotestance.training.distillation import Teacher
from quotestance.training.mixture import Mixture
from quotestance.training.settings import Settings
from quotestance.training.trainer import (
    QuotestanceArguments,
    QuotestanceTrainer,
    last_checkpoint,
)
from quotestance.windows import WordPieces

#: The parts of the loss that each task trains.
PARTS: Mapping[str, tuple[str, ...]] = {
    "quotes": ("tags", "inner_tags", "labels"),
    "attribution": ("links",),
    "speakers": ("antecedents",),
    "stance": ("stance", "target", "labels"),
}
MakeWatch = Callable[[list[int]], DevWatch]


@dataclass(frozen=True)
class Fitted:
    """How a run went.

    Args:
        steps: Steps taken in all, those before a resumption included.
        seconds: Time taken since the start or the resumption.
    """

    steps: int
    seconds: float


def parts_of(tasks: Collection[str]) -> frozenset[str]:
    """The parts of the loss that some tasks train."""
    return frozenset(part for task in tasks for part in PARTS[task])


def seed_everything(seed: int) -> None:
    """Set the seed of every generator that training draws from."""
    set_seed(seed)


def fit(
    model: QuotestanceModel,
    encoder: WordPieces,
    sources: Mapping[str, Any],
    settings: Settings,
    folder: Path,
    *,
    parts: Collection[str] | None = None,
    make_watch: MakeWatch | None = None,
    report: Report = print,
    max_steps: int = -1,
    teacher: Teacher | None = None,
) -> Fitted:
    """Train a network; it holds the averaged weights (the best by the watch) afterwards.

    A run whose folder holds a checkpoint goes on from there, and ends with the weights of an
    undisturbed run.

    Args:
        model: The network.
        encoder: Its tokenizer.
        sources: Task name to its source of examples.
        settings: Settings of the run.
        folder: Where checkpoints and logs go.
        parts: Parts of the loss that count; None for all.
        make_watch: Given the step at which each epoch ends, makes the watch over the dev figure;
            None for no dev figure.
        report: Called with a line of progress now and then.
        max_steps: Stop after so many steps; -1 for all.
        teacher: A larger trained network to learn from beside the labels.

    Raises:
        InputError: There is nothing to train on, or more layers are to be frozen than there are.
        MissingExtraError: accelerate is not installed.
    """
    if importlib.util.find_spec("accelerate") is None:
        raise MissingExtraError("training", "train", "accelerate")
    mixture = Mixture(dict(sources), settings.epochs, settings.batch_tokens, settings.seed)
    if not mixture.batches_per_epoch:
        raise InputError("expected examples to train on, found none", field="train")
    freeze(model, settings.freeze_layers)
    args = _arguments(settings, folder, mixture, max_steps)
    share = args.world_size * settings.grad_accumulation
    ends = [
        math.ceil((epoch + 1) * mixture.batches_per_epoch / share)
        for epoch in range(settings.epochs)
    ]
    callbacks: list[TrainerCallback] = []
    if settings.pull:
        callbacks.append(PullToStart(model, settings.pull))
    trainer = QuotestanceTrainer(model, args, mixture, encoder, parts, callbacks, teacher)
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(Progress(report, mixture.batches_per_epoch / share))
    if args.process_index == 0:
        _add_tensorboard(trainer, folder / "logs")
    watch = make_watch(ends) if make_watch else None
    if watch is not None:
        watch.watch(trainer.average.kept, trainer.log)
        trainer.add_callback(watch)
    report(f"{mixture.batches_per_epoch} batches an epoch, up to {settings.epochs} epochs")
    return _train(trainer, model, folder, watch)


def _train(
    trainer: QuotestanceTrainer, model: QuotestanceModel, folder: Path, watch: DevWatch | None
) -> Fitted:
    last = last_checkpoint(folder)
    began = time.monotonic()
    with _repeatable(trainer.args.device.type == "cpu"), no_progress_bars():
        trainer.train(resume_from_checkpoint=str(last) if last else None)
    several = trainer.args.world_size > 1
    if several:
        torch.distributed.barrier()
    weights = watch.best_weights() if watch is not None else trainer.average.kept()
    if several:  # the first process removes the files when all have read them
        torch.distributed.barrier()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(weights[name])
    # Wrapping for mixed precision and several processes ends with the training.
    model.__dict__.pop("forward", None)
    return Fitted(trainer.state.global_step, time.monotonic() - began)


def _arguments(
    settings: Settings, folder: Path, mixture: Mixture, max_steps: int
) -> QuotestanceArguments:
    cuda = torch.cuda.is_available()
    args = QuotestanceArguments(
        output_dir=str(folder),
        per_device_train_batch_size=1,
        gradient_accumulation_steps=settings.grad_accumulation,
        num_train_epochs=1,
        max_steps=max_steps,
        learning_rate=settings.lr,
        head_learning_rate=settings.rate_of_heads,
        layer_decay=settings.layer_decay,
        average_decay=settings.average_decay,
        blend=settings.blend,
        weight_decay=settings.weight_decay,
        lr_scheduler_type="linear",
        max_grad_norm=1.0,
        bf16=computes_in_bf16(settings.precision),
        use_cpu=not cuda,
        save_steps=settings.save_steps,
        save_total_limit=2,
        report_to=[],
        seed=settings.seed,
        disable_tqdm=True,
        dataloader_num_workers=0,
        dataloader_pin_memory=False,
        ddp_find_unused_parameters=True,
    )
    steps = math.ceil(len(mixture) / (args.world_size * settings.grad_accumulation))
    args.warmup_steps = max(1, steps // 16)
    args.logging_steps = min(25, max(1, steps // 20))
    return args


def computes_in_bf16(precision: str) -> bool:
    """Whether to run in bf16: as told, or where the device computes in it rather than imitates it.

    Args:
        precision: ``bf16``, ``fp32`` or ``auto``.
    """
    if precision != "auto":
        return precision == "bf16"
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def freeze(model: QuotestanceModel, layers: int) -> None:
    """Keep the word embeddings and the lowest layers of the encoder as they are.

    Args:
        model: The network.
        layers: How many layers; 0 for nothing at all.

    Raises:
        InputError: The encoder has fewer layers.
    """
    depth = model.config.encoder.get("num_hidden_layers", 12)
    if layers > depth:
        raise InputError(
            f"expected at most {depth}, the layers of the encoder, found {layers}",
            field="freeze_layers",
        )
    for name, parameter in model.named_parameters():
        parts = name.split(".")
        if layers and parts[0] == "encoder":
            inner = "layer" in parts
            if (inner and int(parts[parts.index("layer") + 1]) < layers) or "embeddings" in parts:
                parameter.requires_grad_(False)


def _add_tensorboard(trainer: QuotestanceTrainer, folder: Path) -> None:
    if importlib.util.find_spec("tensorboard") is None:
        return
    from torch.utils.tensorboard import SummaryWriter
    from transformers.integrations import TensorBoardCallback

    trainer.add_callback(TensorBoardCallback(SummaryWriter(str(folder))))


@contextmanager
def no_progress_bars() -> Iterator[None]:
    """Without the bars that transformers shows for each file it writes."""
    if not transformers_logging.is_progress_bar_enabled():
        yield
        return
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        transformers_logging.enable_progress_bar()


@contextmanager
def _repeatable(cpu: bool) -> Iterator[None]:
    """On a CPU, sums of gradients in one order, so that a run can be repeated to the bit."""
    if not cpu:
        yield
        return
    before = torch.get_deterministic_debug_mode()
    fill = torch.utils.deterministic.fill_uninitialized_memory
    torch.set_deterministic_debug_mode("error")
    torch.utils.deterministic.fill_uninitialized_memory = False
    try:
        yield
    finally:
        torch.set_deterministic_debug_mode(before)
        torch.utils.deterministic.fill_uninitialized_memory = fill
