"""The runs of the learning curve: which articles each trains on, and where its files lie."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quotestance.records import AnnotatedArticle

Docs = list[AnnotatedArticle]
# In order of what a run of that size tells: the size of the acceptance first, then the ends.
SIZES = (50, 10, 25, 80)
SEEDS = (1, 2, 3)
KINDS = ("tuned", "control", "free", "scratch")
CURVES = ("tuned", "scratch")  # run at every size; the others at one
FREE = {"pull": 0.0, "blend": 1.0}
FORGETTING = ("tuned", "free")  # scored on the other publishers, too


@dataclasses.dataclass(frozen=True, order=True)
class Cell:
    """One run on ``size`` articles drawn by ``seed``.

    ``tuned`` is the base model fine-tuned, ``free`` the same with nothing that holds it near the
    start, ``control`` the same on articles of the other publishers, ``scratch`` the bare encoder.
    """

    kind: str
    size: int
    seed: int

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"{self.kind}-{self.size}-{self.seed}"


@dataclasses.dataclass(frozen=True)
class Plan:
    """What one call of the benchmark does.

    Args:
        work: Folder for models and predictions.
        encoder: Folder of the bare encoder.
        cells: The runs of each publisher, in their order.
        base_articles: Articles of the other publishers that the base model is trained on.
        base: Settings of the base models.
        scratch: Settings of the bare encoder on few articles.
        tune: Settings of fine-tuning.
    """

    work: Path
    encoder: Path
    cells: Sequence[Cell]
    base_articles: int | None
    base: dict[str, Any]
    scratch: dict[str, Any]
    tune: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Split:
    """The articles of one publisher, and those of all others.

    Args:
        publisher: Its name.
        pool: Articles of it that runs draw from.
        test: Articles of it that runs are scored on.
        others: Articles of the other publishers for training, in a fixed order.
        others_dev: Articles of the other publishers that no run sees.
    """

    publisher: str
    pool: Docs
    test: Docs
    others: Docs
    others_dev: Docs

    @classmethod
    def of(cls, publisher: str, train: Docs, dev: Docs, test_articles: int) -> Split:
        """Split by a draw that depends on the publisher alone."""
        draw = random.Random(publisher)
        own, others = (
            sorted((d for d in train if (d.outlet == publisher) == mine), key=lambda d: d.id)
            for mine in (True, False)
        )
        draw.shuffle(own)
        draw.shuffle(others)
        return cls(
            publisher,
            own[test_articles:],
            own[:test_articles],
            others,
            [d for d in dev if d.outlet != publisher],
        )

    def sample(self, cell: Cell) -> tuple[Docs, Docs]:
        """Train and dev articles of one run: its size in all, a fifth of them for dev."""
        own = cell.kind != "control"
        # The end of the others: where the base model saw only a part, it did not see these.
        pool = self.pool if own else self.others[-4 * cell.size :]
        draw = random.Random(f"{self.publisher}-{'own' if own else 'others'}-{cell.seed}")
        drawn = draw.sample(pool, cell.size)
        held = max(1, cell.size // 5)
        return drawn[held:], drawn[:held]


def cells_of(sizes: Sequence[int], seeds: Sequence[int], kinds: Sequence[str]) -> list[Cell]:
    """Runs in order of what they tell; seeds after the first at one size alone."""
    middle = next(size for size in SIZES if size in sizes) if set(sizes) & set(SIZES) else sizes[0]
    found = [
        Cell(kind, size, seed)
        for seed in seeds
        for kind in kinds
        for size in sizes
        if size == middle or (seed == seeds[0] and kind in CURVES)
    ]
    return sorted(found, key=lambda c: (c.seed != seeds[0], c.size != middle, kinds.index(c.kind)))


def cost_file(model: Path) -> Path:
    """Where the time that training a model took is noted, beside its folder."""
    return model.with_name(f"{model.name}.cost.json")


def predictions_file(model: Path, name: str) -> Path:
    """Where what a model found in ``test`` or ``others`` lies, beside its folder."""
    return model.with_name(f"{model.name}.{name}.jsonl")
