"""The result of the learning curve: scores of the runs that are there, table, picture."""

from __future__ import annotations

import dataclasses
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from common import provenance, write_result
from curve_plan import FORGETTING, KINDS, Cell, Docs, Plan, Split, cost_file, predictions_file

from quotestance.evaluation import spans
from quotestance.evaluation.bootstrap import Scores, Table, compare, score
from quotestance.evaluation.scoring import alignments
from quotestance.records import read_records

FIGURES = ("relation_f1", "exact_f1", "content_token_f1")


def summed(pairs: Iterable[tuple[Docs, Docs]]) -> Scores:
    """Figures over gold and predictions of several runs; an article's counts are summed.

    Articles stay the unit of the intervals, however many runs read them.
    """
    totals: dict[str, Counter[str]] = {}
    for gold, found in pairs:
        for alignment in alignments(gold, found, attributions=True):
            totals.setdefault(alignment.article.id, Counter()).update(spans.counts(alignment))
    table = Table()
    for name, counts in totals.items():
        table.add(name, counts)
    return score(table, spans.MEASURES)


@dataclasses.dataclass
class Results:
    """What the work folder holds, scored; each file of predictions is read once."""

    plan: Plan
    splits: Sequence[Split]
    _read: dict[Path, Docs] = dataclasses.field(default_factory=dict)

    def done(self) -> list[tuple[Split, Cell]]:
        """The runs whose predictions are there, publisher by publisher."""
        return [
            (split, cell)
            for split in self.splits
            for cell in self.plan.cells
            if self._file(split, cell.name, "test").exists()
            and (cell.kind not in FORGETTING or self._file(split, cell.name, "others").exists())
        ]

    def to_dict(self) -> dict[str, Any]:
        """Bases, single runs, and a row a size over all of its runs."""
        done = self.done()
        sizes = sorted({cell.size for _, cell in done if cell.kind == "tuned"})
        return {
            "figures": "percent; intervals are 95 %, paired bootstrap over articles",
            "test_articles": len(self.splits[0].test) if self.splits else 0,
            "base": [self._base(split) for split in self.splits if self._has_base(split)],
            "runs": [self._run(split, cell) for split, cell in done],
            "rows": [self._row(size, done) for size in sizes],
        }

    def _file(self, split: Split, run: str, name: str) -> Path:
        return predictions_file(self.plan.work / split.publisher / run, name)

    def _has_base(self, split: Split) -> bool:
        return all(self._file(split, "base", name).exists() for name in ("test", "others"))

    def _scores(self, runs: Iterable[tuple[Split, str]], name: str = "test") -> Scores:
        pairs = []
        for split, run in runs:
            file = self._file(split, run, name)
            if file not in self._read:
                self._read[file] = read_records(file)
            pairs.append((split.test if name == "test" else split.others_dev, self._read[file]))
        return summed(pairs)

    def _base(self, split: Split) -> dict[str, Any]:
        folder = self.plan.work / split.publisher / "base"
        return {
            "publisher": split.publisher,
            **_training(folder),
            "test": _figures(self._scores([(split, "base")])),
            "others": _figures(self._scores([(split, "base")], "others")),
        }

    def _run(self, split: Split, cell: Cell) -> dict[str, Any]:
        base = self._scores([(split, "base")])
        out = {
            "publisher": split.publisher,
            **dataclasses.asdict(cell),
            **_training(self.plan.work / split.publisher / cell.name),
            "change": _differences(base, self._scores([(split, cell.name)])),
        }
        if cell.kind in FORGETTING:
            pair = (self._scores([(split, run)], "others") for run in ("base", cell.name))
            out["others"] = _differences(*pair)
        return out

    def _row(self, size: int, done: Sequence[tuple[Split, Cell]]) -> dict[str, Any]:
        """One size: every kind against the base models of the same runs."""
        row: dict[str, Any] = {"articles": size}
        for kind in KINDS:
            runs = [(split, cell) for split, cell in done if (cell.kind, cell.size) == (kind, size)]
            if not runs:
                continue
            bases = [(split, "base") for split, _ in runs]
            own = [(split, cell.name) for split, cell in runs]
            base, now = self._scores(bases), self._scores(own)
            row[kind] = {
                "runs": [f"{split.publisher} {cell.seed}" for split, cell in runs],
                "publishers": len({split.publisher for split, _ in runs}),
                "seeds": len({cell.seed for _, cell in runs}),
                "base": _figures(base),
                "figures": _figures(now),
                "gain": _differences(base, now),
            }
            if kind in FORGETTING:
                changes = (self._scores(pairs, "others") for pairs in (bases, own))
                row[kind]["others"] = _differences(*changes)
        return row


def _training(folder: Path) -> dict[str, Any]:
    """How a run went, from what training left in its folder."""
    from quotestance.training.train import SUMMARY

    told = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    file = cost_file(folder)  # missing where the benchmark was killed right after training
    cost = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    used = {name: sum(source["articles"] for source in told["data"][name])
            for name in ("train", "dev")}  # fmt: skip
    return {
        "train_articles": used["train"],
        "dev_articles": used["dev"],
        "epochs": told["settings"]["epochs"],
        "best_epoch": told["best_epoch"],
        "steps": told["steps"],
        **cost,
    }


def _figures(scores: Scores) -> dict[str, Any]:
    return {name: scores[name].to_dict() for name in FIGURES}


def _differences(first: Scores, second: Scores) -> dict[str, dict[str, float | None]]:
    found = compare(first, second)
    return {
        name: {
            key: None if math.isnan(value) else round(value, 4)
            for key, value in dataclasses.asdict(found[name]).items()
        }
        for name in FIGURES
    }


def table(result: Mapping[str, Any]) -> str:
    """The result as a Markdown table: relation F1 by size, and how many runs stand behind it."""
    head = (
        *("labelled articles", "runs", "before", "fine-tuned", "gain", "other outlets"),
        *("more training alone", "bare encoder"),
    )
    rows = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in result["rows"]:
        tuned = row["tuned"]
        runs = f"{tuned['publishers']} outlets, {len(tuned['runs'])} runs"
        before, after = (tuned[key]["relation_f1"]["value"] for key in ("base", "figures"))
        control = _change(row["control"]["gain"]) if "control" in row else ""
        scratch = (
            f"{row['scratch']['figures']['relation_f1']['value']:.1f}" if "scratch" in row else ""
        )
        cells = [
            *(str(row["articles"]), runs, f"{before:.1f}", f"{after:.1f}"),
            *(_change(tuned["gain"]), _change(tuned["others"]), control, scratch),
        ]
        rows.append("| " + " | ".join(cells) + " |")
    bases = ", ".join(
        f"{base['publisher']} ({base['train_articles']} articles, {base['epochs']} epochs, "
        f"relation F1 {base['others']['relation_f1']['value']:.1f} on the others' dev articles)"
        for base in result["base"]
    )
    free = "".join(
        f" With neither pull nor blend, {row['articles']} articles: gain "
        f"{_change(row['free']['gain'])}, other outlets {_change(row['free']['others'])}."
        for row in result["rows"]
        if "free" in row
    )
    minutes = [run["cpu_minutes"] for run in result["runs"] if "cpu_minutes" in run]
    made = result["provenance"]
    return "\n".join(
        [
            *rows,
            "",
            f"Relation F1 on {result['test_articles']} unseen articles of the outlet, changes with "
            f"paired 95 % intervals. Models before: {bases}. A run took "
            f"{fmean(minutes or [0.0]):.1f} processor minutes on average.{free}",
            f"Made by `{made['command']}` at commit `{(made['commit'] or 'unknown')[:9]}`.",
        ]
    )


def _change(found: Mapping[str, Any]) -> str:
    one = found["relation_f1"]
    interval = "" if one["low"] is None else f" ({one['low']:+.1f} to {one['high']:+.1f})"
    return f"{one['second'] - one['first']:+.1f}{interval}"


def draw(result: Mapping[str, Any], file: Path) -> None:
    """The curve as a picture; under each size stands how many runs it comes from."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    rows = result["rows"]
    for kind, key, label, colour in (
        ("tuned", "figures", "fine-tuned", "#1b6ca8"),
        ("tuned", "base", "model before", "#555555"),
        ("control", "figures", "tuned on other outlets", "#3b7a3b"),
        ("scratch", "figures", "bare encoder", "#c0561f"),
    ):
        points = [(row["articles"], row[kind][key]["relation_f1"]) for row in rows if kind in row]
        if not points:
            continue
        sizes, values = [size for size, _ in points], [value for _, value in points]
        middle, low, high = ([v[end] for v in values] for end in ("value", "low", "high"))
        axes.plot(sizes, middle, marker="o", color=colour, label=label)
        if len(points) == 1:
            below, above = [middle[0] - low[0]], [high[0] - middle[0]]
            axes.errorbar(sizes, middle, [below, above], color=colour, alpha=0.4)
        else:
            axes.fill_between(sizes, low, high, color=colour, alpha=0.12)
    ticks = [row["articles"] for row in rows]
    runs = [len(row["tuned"]["runs"]) for row in rows]
    names = [f"{size}\n{n} run{'s' if n > 1 else ''}" for size, n in zip(ticks, runs, strict=True)]
    axes.set_xticks(ticks, names)
    axes.set_xlabel("labelled articles of the new outlet")
    axes.set_ylabel(f"relation F1 on {result['test_articles']} others of it")
    axes.legend()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=120)
    plt.close(figure)


def report(results: Results, files: Sequence[Path], output: Path, picture: Path) -> None:
    """Write result and picture from the runs that are there, and print the table."""
    result = {"provenance": provenance(files), **results.to_dict()}
    # The shipped model takes no part.
    del result["provenance"]["model"], result["provenance"]["model_sha256"]
    write_result("learning_curve", result, output)
    if result["rows"]:
        draw(result, picture)
        print(table(result), flush=True)
