"""What fine-tuning on 10 to 80 articles of a new outlet brings, and what it costs elsewhere.

For each of three PolNeAR publishers: a base model trained without it, fine-tuned on some of its
articles, and for comparison the bare encoder trained on those articles alone. A fifth of the
articles decides when to stop. Scored on 40 other articles of the publisher, and on the dev
articles of the other publishers. Resumable: what is done stays in the work folder.

    python benchmarks/learning_curve.py --work runs/curve --encoder ENCODER
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from common import CORPORA, RESULTS, provenance, write_result

from quotestance.evaluation.bootstrap import Scores, Table, compare, score
from quotestance.evaluation.corpora import read_polnear
from quotestance.evaluation.scoring import QUOTE_MEASURES, alignments, quote_counts
from quotestance.records import AnnotatedArticle, read_records, write_records

Docs = list[AnnotatedArticle]
SIZES = (10, 25, 50, 80)
SEEDS = {10: (1,), 25: (1,), 50: (1, 2, 3), 80: (1,)}
PUBLISHERS = ("huff-post", "nyt", "politico")
TEST_ARTICLES = 40
FIGURES = ("relation_f1", "exact_f1", "content_token_f1")
TASKS = ("quotes", "attribution")


@dataclasses.dataclass(frozen=True)
class Split:
    """The articles of one publisher, and those of all others."""

    publisher: str
    pool: Docs
    test: Docs
    others: Docs
    others_dev: Docs

    @classmethod
    def of(cls, publisher: str, train: Docs, dev: Docs, test_articles: int) -> Split:
        """Split by a draw that depends on the publisher alone."""
        own = sorted((d for d in train if d.outlet == publisher), key=lambda d: d.id)
        random.Random(publisher).shuffle(own)
        return cls(
            publisher,
            own[test_articles:],
            own[:test_articles],
            [d for d in train if d.outlet != publisher],
            [d for d in dev if d.outlet != publisher],
        )

    def sample(self, size: int, seed: int) -> tuple[Docs, Docs]:
        """Train and dev articles of one run: ``size`` in all, a fifth of them for dev."""
        drawn = random.Random(f"{self.publisher}-{seed}").sample(self.pool, size)
        held = max(1, size // 5)
        return drawn[held:], drawn[:held]


@dataclasses.dataclass(frozen=True)
class Plan:
    """What one call of the benchmark does.

    Args:
        work: Folder for models and predictions.
        encoder: Folder of the bare encoder.
        sizes: Articles to fine-tune on.
        seeds: Seeds of each size.
        base: Settings of the base models.
        scratch: Settings of the bare encoder on few articles.
        tune: Settings of fine-tuning.
    """

    work: Path
    encoder: Path
    sizes: Sequence[int]
    seeds: dict[int, tuple[int, ...]]
    base: dict[str, Any]
    scratch: dict[str, Any]
    tune: dict[str, Any]

    def cells(self) -> Iterable[tuple[int, int]]:
        """Size and seed of each run."""
        return ((size, seed) for size in self.sizes for seed in self.seeds[size])


def trained(output: Path, init: Path, train: Docs, dev: Docs, settings: dict[str, Any]) -> Path:
    """The model in ``output``; trained first, or to its end, where it is not there yet."""
    from quotestance.training.train import SUMMARY
    from quotestance.training.train import train as run

    if not (output / SUMMARY).exists():
        config = {"attributions": True, **settings}
        run(train, dev, output, init=init, config=config, tasks=TASKS, resume=output.exists())
    return output


def predicted(model: Path, docs: Docs, name: str) -> Docs:
    """Predictions of a model, kept beside its folder."""
    file = model.with_name(f"{model.name}.{name}.jsonl")
    if not file.exists():
        from quotestance.pipeline import load
        from quotestance.training.dev import whole_records

        found = whole_records(load(model).network, docs, True)
        write_records(file.with_suffix(".partial"), found)
        file.with_suffix(".partial").replace(file)
    return read_records(file)


def run_publisher(plan: Plan, split: Split) -> None:
    """Train and predict everything of one publisher that is not there yet."""
    folder = plan.work / split.publisher
    base = trained(folder / "base", plan.encoder, split.others, split.others_dev, plan.base)
    predicted(base, split.test, "test")
    predicted(base, split.others_dev, "others")
    for size, seed in plan.cells():
        train, dev = split.sample(size, seed)
        for kind, init, settings in (
            ("tuned", base, plan.tune),
            ("scratch", plan.encoder, plan.scratch),
        ):
            name = f"{kind}-{size}-{seed}"
            model = trained(folder / name, init, train, dev, settings | {"seed": seed})
            predicted(model, split.test, "test")
            if kind == "tuned":
                predicted(model, split.others_dev, "others")
            print(f"{split.publisher}: {name} done", flush=True)


def summed(pairs: Iterable[tuple[Docs, Docs]]) -> Scores:
    """Figures over gold and predictions of several runs; an article's counts are summed.

    Articles stay the unit of the intervals, however many runs read them.
    """
    totals: dict[str, Counter[str]] = {}
    for gold, found in pairs:
        for alignment in alignments(gold, found, attributions=True):
            counts = totals.setdefault(alignment.article.id, Counter())
            for key, value in quote_counts(alignment).items():
                counts[key] += value  # type: ignore[assignment]
    table = Table()
    for name, counts in totals.items():
        table.add(name, counts)
    return score(table, QUOTE_MEASURES)


def curve(plan: Plan, splits: Sequence[Split]) -> list[dict[str, Any]]:
    """One row a size: base, tuned and scratch on the unseen articles, and what the rest lost."""
    return [_row(plan, splits, size) for size in plan.sizes]


def _row(plan: Plan, splits: Sequence[Split], size: int) -> dict[str, Any]:
    def scores(kind: str, name: str) -> Scores:
        pairs = []
        for split in splits:
            gold = split.test if name == "test" else split.others_dev
            for seed in plan.seeds[size]:
                run = "base" if kind == "base" else f"{kind}-{size}-{seed}"
                model = plan.work / split.publisher / run
                pairs.append((gold, predicted(model, gold, name)))
        return summed(pairs)

    base, tuned, scratch = (scores(kind, "test") for kind in ("base", "tuned", "scratch"))
    gain = compare(base, tuned)
    lost = compare(scores("base", "others"), scores("tuned", "others"))
    return {
        "articles": size,
        "seeds": list(plan.seeds[size]),
        "base": _figures(base),
        "tuned": _figures(tuned),
        "scratch": _figures(scratch),
        "gain": {name: dataclasses.asdict(gain[name]) for name in FIGURES},
        "others": {name: dataclasses.asdict(lost[name]) for name in FIGURES},
    }


def _figures(scores: Scores) -> dict[str, Any]:
    return {name: scores[name].to_dict() for name in FIGURES}


def draw(rows: Sequence[dict[str, Any]], file: Path) -> None:
    """The curve as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    sizes = [row["articles"] for row in rows]
    for kind, label, colour in (
        ("tuned", "fine-tuned", "#1b6ca8"),
        ("base", "model before", "#555555"),
        ("scratch", "bare encoder", "#c0561f"),
    ):
        values = [row[kind]["relation_f1"] for row in rows]
        middle = [v["value"] for v in values]
        axes.plot(sizes, middle, marker="o", color=colour, label=label)
        axes.fill_between(
            sizes, [v["low"] for v in values], [v["high"] for v in values], color=colour, alpha=0.15
        )
    axes.set_xlabel("labelled articles of the new outlet")
    axes.set_ylabel("relation F1 on 40 others of it")
    axes.set_xticks(sizes)
    axes.legend()
    figure.savefig(file, dpi=150)
    plt.close(figure)


def _plan(options: argparse.Namespace) -> Plan:
    if not options.quick:
        return Plan(options.work, options.encoder, SIZES, SEEDS, {}, {"epochs": 20}, {})
    quick = {"epochs": 1, "nested": False, "calibration": "keep"}
    return Plan(options.work, options.encoder, (4,), {4: (1, 2)}, quick, quick, quick)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is missing, then write results and picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="models and predictions")
    parser.add_argument("--encoder", type=Path, help="bare encoder; the training wheel by default")
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--publishers", nargs="+", default=list(PUBLISHERS))
    parser.add_argument("--test-articles", type=int, default=TEST_ARTICLES)
    parser.add_argument("--quick", action="store_true", help="a miniature, to see that it runs")
    parser.add_argument("--output", type=Path, default=RESULTS / "learning_curve.json")
    options = parser.parse_args(arguments)
    if options.encoder is None:
        from quotestance.training.initial import packaged_encoder

        options.encoder = packaged_encoder()
    files = [options.corpora / f"polnear-{part}.jsonl" for part in ("train", "dev")]
    train, dev = map(read_polnear, files)
    plan = _plan(options)
    splits = [Split.of(name, train, dev, options.test_articles) for name in options.publishers]
    for split in splits:
        run_publisher(plan, split)
    rows = curve(plan, splits)
    # The runs differ in their seed alone; which ones a size has stands in its row.
    result = {"provenance": provenance(files), "publishers": options.publishers, "rows": rows}
    written = write_result("learning_curve", result, options.output)
    draw(rows, written.with_suffix(".png"))


if __name__ == "__main__":
    main()
