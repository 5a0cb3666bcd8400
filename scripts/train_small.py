"""Train the shipped model: python scripts/train_small.py --corpora ../shared/corpora --output runs/small.

Resumes from the last checkpoint of the output folder by itself. Only train files are read.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import torch
from transformers.trainer_utils import get_last_checkpoint

from quotestance.network.checkpoint import save_checkpoint
from quotestance.training.initial import from_encoder, packaged_encoder
from quotestance.training.mixture import Mixture
from quotestance.training.sources import CORPORA, corpus_sources
from quotestance.training.trainer import QuotestanceArguments, QuotestanceTrainer


def main() -> None:
    """Parse the command line, train, and write the averaged weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--output", type=Path, default=Path("runs/small"))
    parser.add_argument("--encoder", type=Path, help="folder of the bare encoder")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--batch-tokens", type=int, default=4096)
    parser.add_argument("--lr", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--exclude", nargs="*", default=[], choices=CORPORA)
    parser.add_argument("--max-steps", type=int, default=-1)
    options = parser.parse_args()
    random.seed(options.seed)
    np.random.seed(options.seed)  # noqa: NPY002  (libraries that draw from the global state)
    torch.manual_seed(options.seed)
    model, encoder = from_encoder(options.encoder or packaged_encoder())
    sources = corpus_sources(options.corpora, encoder, options.seed, options.exclude)
    mixture = Mixture(sources, options.epochs, options.batch_tokens, options.seed)
    print(f"{mixture.batches_per_epoch} batches an epoch, {options.epochs} epochs", flush=True)  # noqa: T201
    cuda = torch.cuda.is_available()
    args = QuotestanceArguments(
        output_dir=str(options.output),
        per_device_train_batch_size=1,
        num_train_epochs=1,
        max_steps=options.max_steps,
        learning_rate=options.lr,
        weight_decay=0.01,
        warmup_steps=max(1, len(mixture) // 16),
        lr_scheduler_type="linear",
        max_grad_norm=1.0,
        bf16=True,
        use_cpu=not cuda,
        logging_steps=25,
        save_steps=150,
        save_total_limit=2,
        report_to=[],
        seed=options.seed,
        disable_tqdm=True,
        dataloader_num_workers=0,
    )
    trainer = QuotestanceTrainer(model, args, mixture, encoder)
    last = get_last_checkpoint(str(options.output)) if options.output.is_dir() else None
    trainer.train(resume_from_checkpoint=last)
    if trainer.average is not None:
        trainer.average.apply(model)
    save_checkpoint(options.output / "final", model, encoder)


if __name__ == "__main__":
    main()
