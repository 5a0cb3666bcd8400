"""What fine-tuning on 10 to 80 articles of a new outlet brings, and what it costs elsewhere.

For each publisher of PolNeAR that is asked for: a base model trained from the bare encoder without
that publisher, then fine-tuned on some of its articles. Beside it three comparisons: ``control``,
the base model tuned in the same way on as many articles of the *other* publishers (what more
training alone brings), ``free``, tuned with nothing that holds it near the start (no pull, no
blend), and ``scratch``, the bare encoder trained on the same articles. A fifth of the articles of
a run decides when to stop. Scored on 40 other articles of the publisher; what a tuned model forgot
is scored on dev articles of the other publishers, which no run has seen.

    python benchmarks/learning_curve.py --work runs/curve --base-epochs 1

Resumable: what is done stays in the work folder, the most telling runs come first, and the result
file, the table and the picture are written anew after each run, from what is there. ``--report``
trains nothing and only writes them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from common import CORPORA, RESULTS, ROOT
from curve_plan import (
    FORGETTING,
    FREE,
    KINDS,
    SEEDS,
    SIZES,
    Cell,
    Docs,
    Plan,
    Split,
    cells_of,
    cost_file,
    predictions_file,
)
from curve_report import Results, report

from quotestance.evaluation.corpora import read_polnear
from quotestance.records import write_records

PUBLISHERS = ("politico", "huff-post", "nyt")
TEST_ARTICLES = 40
BASE_DEV_ARTICLES = 24
TASKS = ("quotes", "attribution")
PICTURE = ROOT / "docs" / "img" / "learning_curve.png"


def trained(output: Path, init: Path, train: Docs, dev: Docs, settings: dict[str, Any]) -> Path:
    """The model in ``output``; trained first, or to its end, where it is not there yet."""
    from quotestance.training.train import SUMMARY
    from quotestance.training.train import train as run

    if not (output / SUMMARY).exists():
        resumed, wall, cpu = output.exists(), time.monotonic(), time.process_time()
        config = {"attributions": True, **settings}
        run(train, dev, output, init=init, config=config, tasks=TASKS, resume=resumed)
        cost = {
            "minutes": round((time.monotonic() - wall) / 60, 1),
            "cpu_minutes": round((time.process_time() - cpu) / 60, 1),
            "resumed": resumed,  # then the minutes are those since
        }
        cost_file(output).write_text(json.dumps(cost), encoding="utf-8")
    return output


def predict(model: Path, docs: Docs, name: str) -> None:
    """Write the predictions of a model beside its folder, where they are not there yet.

    Content, cue and source alone, which are the same with and without speakers and stance.
    """
    file = predictions_file(model, name)
    if file.exists():
        return
    from quotestance.pipeline import load
    from quotestance.training.calibration import QuoteDev

    network = load(model).network
    found = QuoteDev.of(network, docs).predict_spans(network.config.calibration)
    write_records(file.with_suffix(".partial"), found)
    file.with_suffix(".partial").replace(file)


def run_publisher(plan: Plan, split: Split) -> Iterator[Cell]:
    """Train and predict what is not there yet, and give each run as it is done."""
    folder = plan.work / split.publisher
    dev, train = split.others[:BASE_DEV_ARTICLES], split.others[BASE_DEV_ARTICLES:]
    train = train[: plan.base_articles]
    base = trained(folder / "base", plan.encoder, train, dev, plan.base)
    predict(base, split.test, "test")
    predict(base, split.others_dev, "others")
    for cell in plan.cells:
        train, dev = split.sample(cell)
        bare = cell.kind == "scratch"
        init, settings = (plan.encoder, plan.scratch) if bare else (base, plan.tune)
        settings = settings | {"seed": cell.seed} | (FREE if cell.kind == "free" else {})
        model = trained(folder / cell.name, init, train, dev, settings)
        predict(model, split.test, "test")
        if cell.kind in FORGETTING:
            predict(model, split.others_dev, "others")
        yield cell


def _plan(options: argparse.Namespace) -> Plan:
    cells = cells_of(options.sizes, options.seeds, options.kinds)
    if options.quick:
        quick = {"epochs": 1, "nested": False, "calibration": "keep"}
        return Plan(options.work, options.encoder, cells, 6, quick, quick, quick)
    base, scratch = {"epochs": options.base_epochs}, {"epochs": 20}
    return Plan(options.work, options.encoder, cells, options.base_articles, base, scratch, {})


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="models and predictions")
    parser.add_argument("--encoder", type=Path, help="bare encoder; the training wheel by default")
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--publishers", nargs="+", default=list(PUBLISHERS))
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--base-articles", type=int, help="train the base models on fewer articles")
    parser.add_argument("--base-epochs", type=int, default=6)
    parser.add_argument("--test-articles", type=int, default=TEST_ARTICLES)
    parser.add_argument("--report", action="store_true", help="train nothing")
    parser.add_argument("--quick", action="store_true", help="a miniature, to see that it runs")
    parser.add_argument("--output", type=Path, default=RESULTS / "learning_curve.json")
    parser.add_argument("--picture", type=Path, default=PICTURE)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is missing; write results and picture after each run."""
    options = _options(arguments)
    if options.encoder is None:
        from quotestance.training.initial import packaged_encoder

        options.encoder = packaged_encoder()
    files = [options.corpora / f"polnear-{part}.jsonl" for part in ("train", "dev")]
    train, dev = map(read_polnear, files)
    plan = _plan(options)
    splits = [Split.of(name, train, dev, options.test_articles) for name in options.publishers]
    results = Results(plan, splits)
    if not options.report:
        for split in splits:
            for cell in run_publisher(plan, split):
                print(f"{split.publisher}: {cell.name} done", flush=True)
                report(results, files, options.output, options.picture)
    report(results, files, options.output, options.picture)


if __name__ == "__main__":
    main()
