"""Train the shipped model.

    python scripts/train_small.py --corpora ../shared/corpora --output runs/small

Resumes from the last checkpoint of the output folder by itself. Weights come from train files
alone; biases, thresholds and temperatures are then chosen on dev files, and ``final`` holds both.
The loop is that of ``quotestance train``; the corpora and the settings are its own. ``--init``
goes on from the weights of an earlier run instead of the bare encoder. On a GPU, ``--size base``
trains a network of 12 layers, which ``--teacher runs/base/final`` then distils into a small one; on
a CPU, ``--layers 8`` takes an hour for two passes.
"""

from __future__ import annotations

import argparse
import functools
from pathlib import Path

from quotestance.network.checkpoint import load_checkpoint, save_checkpoint
from quotestance.network.model import QuotestanceModel
from quotestance.network.runtime import Network, choose_device
from quotestance.training.distillation import Teacher
from quotestance.training.initial import from_encoder, joined_encoder, packaged_encoder
from quotestance.training.run import fit, seed_everything
from quotestance.training.settings import SCRATCH
from quotestance.training.shipped import calibrate
from quotestance.training.sources import CORPORA, corpus_sources
from quotestance.windows import WordPieces


def main() -> None:
    """Parse the command line, train, calibrate, and write the averaged weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--output", type=Path, default=Path("runs/small"))
    parser.add_argument("--size", choices=["small", "base"], default="small")
    parser.add_argument("--encoder", type=Path, help="folder of another bare encoder")
    parser.add_argument("--layers", type=int, help="keep only the encoder's first layers")
    parser.add_argument("--teacher", type=Path, help="checkpoint of a larger network to learn from")
    parser.add_argument("--init", type=Path, help="checkpoint to go on from")
    parser.add_argument("--epochs", type=int, default=SCRATCH.epochs)
    parser.add_argument("--batch-tokens", type=int, default=SCRATCH.batch_tokens)
    parser.add_argument("--lr", type=float, default=SCRATCH.lr)
    parser.add_argument("--seed", type=int, default=SCRATCH.seed)
    parser.add_argument("--dropout", type=float, help="of the encoder; its own where not given")
    parser.add_argument("--blend", type=float, default=SCRATCH.blend)
    parser.add_argument("--exclude", nargs="*", default=[], choices=CORPORA)
    parser.add_argument("--max-steps", type=int, default=-1)
    options = parser.parse_args()
    settings = SCRATCH.replace(
        epochs=options.epochs,
        batch_tokens=options.batch_tokens,
        lr=options.lr,
        head_lr=options.lr * SCRATCH.rate_of_heads / SCRATCH.lr,
        seed=options.seed,
        blend=options.blend,
    )
    seed_everything(settings.seed)
    model, encoder = _start(options)
    teacher = None
    if options.teacher:
        teacher = Teacher(*load_checkpoint(options.teacher), encoder)
    sources = corpus_sources(options.corpora, encoder, settings.seed, options.exclude)
    say = functools.partial(print, flush=True)
    fit(
        model, encoder, sources, settings, options.output,
        report=say, max_steps=options.max_steps, teacher=teacher,
    )  # fmt: skip
    network = Network(model.float(), encoder, choose_device())
    # Before calibration too: what a teacher needs is there then, and a stop loses nothing.
    save_checkpoint(options.output / "final", network.model, encoder)
    calibrate(network, options.corpora, say)
    save_checkpoint(options.output / "final", network.model, encoder)


def _start(options: argparse.Namespace) -> tuple[QuotestanceModel, WordPieces]:
    if options.init:
        return load_checkpoint(options.init)
    head_size = 128
    if options.encoder:
        folder = options.encoder
    elif options.size == "base":
        folder, head_size = joined_encoder(options.output), 256
    else:
        folder = packaged_encoder()
    return from_encoder(folder, options.layers, head_size, options.dropout)


if __name__ == "__main__":
    main()
