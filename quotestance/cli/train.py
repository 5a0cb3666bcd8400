"""``quotestance train``: train a model on labelled articles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from quotestance.cli.common import console, fail, say
from quotestance.errors import QuotestanceError
from quotestance.training.settings import FINE_TUNE

_LISTS = ("--train", "--dev", "--replay")


class Command(TyperCommand):
    """Lets ``--train A B`` stand for ``--train A --train B``, as a shell writes ``*.jsonl``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments, those of a list option repeated."""
        return super().parse_args(ctx, _repeated(args))


def _repeated(args: list[str]) -> list[str]:
    out: list[str] = []
    current, taken = "", False
    for argument in args:
        if argument.startswith("-"):
            current, taken = argument if argument in _LISTS else "", False
        elif current and taken:
            out.append(current)
        else:
            taken = True
        out.append(argument)
    return out


Files = list[Path]


def _preset(words: str, name: str) -> str:
    """Help of an option that a preset or a configuration file fills."""
    return f"{words}; {getattr(FINE_TUNE, name)} by default."


def train(
    train: Annotated[
        Files, typer.Option("--train", metavar="FILE...", help="Labelled articles to learn from.")
    ],
    dev: Annotated[
        Files,
        typer.Option("--dev", metavar="FILE...", help="Labelled articles to choose the epoch by."),
    ],
    output: Annotated[
        Path, typer.Option("--output", metavar="DIR", help="New folder for the trained model.")
    ],
    init: Annotated[
        str | None,
        typer.Option(
            "--init", metavar="PATH", help="Model to start from; the shipped one by default."
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE.toml",
            help="Further settings (docs/fine-tuning.md); the options here win over it.",
        ),
    ] = None,
    tasks: Annotated[
        str | None,
        typer.Option(
            "--tasks",
            metavar="LIST",
            help="Some of quotes,attribution,speakers,stance; by default all with labels.",
        ),
    ] = None,
    replay: Annotated[
        Files | None,
        typer.Option(
            "--replay", metavar="FILE...", help="Older labelled articles to mix in as well."
        ),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(
            "--epochs", metavar="N", help=_preset("Most passes over the train articles", "epochs")
        ),
    ] = None,
    lr: Annotated[
        float | None,
        typer.Option(
            "--lr",
            metavar="RATE",
            help=_preset("Peak learning rate of the encoder's top layer", "lr"),
        ),
    ] = None,
    batch_tokens: Annotated[
        int | None,
        typer.Option(
            "--batch-tokens",
            metavar="N",
            help=_preset("Most word pieces in a batch; fewer need less memory", "batch_tokens"),
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed", metavar="N", help=_preset("Seed of everything drawn by chance", "seed")
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the unfinished run in DIR.")
    ] = False,
) -> None:
    """Train a model on labelled articles and leave it, with a model card, in a folder.

    Check the files first with `quotestance check`. Further settings go in
    `--config FILE.toml`. The defaults are those for fine-tuning a trained model. Progress goes
    to stderr. Exit code 0, or 2 for a bad call or data that cannot be trained on.
    """
    try:
        from quotestance.training.train import train as run

        result = run(
            list(train),
            list(dev),
            output,
            init=init,
            config=config,
            tasks=None if tasks is None else [task.strip() for task in tasks.split(",")],
            replay=list(replay) if replay else None,
            epochs=epochs,
            lr=lr,
            batch_tokens=batch_tokens,
            seed=seed,
            resume=resume,
            report=say,
        )
    except QuotestanceError as error:
        fail(error)
    before, after = result.before[result.figure], result.after[result.figure]
    console.print(
        f"{result.figure} on the dev articles: {before.value:.1f} before, {after.value:.1f} after; "
        f"the model and its card are in {output}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
