"""How far are the probabilities from the truth, before calibration on dev files and after?

Expected calibration error (Guo et al. 2017) of the stance and of the quotes, on the dev files on
which temperatures, slope and offset were chosen, so the second column flatters. Run from a
checkout::

    python benchmarks/calibration.py [--corpora DIR] [--model PATH] [--quick]
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from common import CORPORA, arguments, provenance, write_result
from quality import TASKS

import quotestance as qs
from quotestance.evaluation.evaluate import predict, score_rows
from quotestance.evaluation.formats import CORPORA as FORMATS
from quotestance.evaluation.formats import first_of_each
from quotestance.pipeline import Pipeline
from quotestance.training.calibration import with_calibration

#: Settings that turn scores into probabilities and choose nothing.
FITTED = ("temperature.", "quote.slope", "quote.offset")
FIGURES = ("ece", "ece_quote")
NAMES = ("polnear-dev", "polnear-stance-dev", "newsmtsc-dev", "dse-dev")


def uncalibrated(model: str | None) -> Pipeline:
    """The pipeline with its probabilities as the network gives them."""
    network = qs.load(model).network
    kept = {k: v for k, v in network.config.calibration.items() if not k.startswith(FITTED)}
    with_calibration(network, kept)
    return Pipeline(network)


def main() -> None:
    """Score both pipelines and write the result."""
    parser = arguments(__doc__)
    parser.add_argument("--corpora", type=Path, default=CORPORA, help="folder of the corpora")
    options = parser.parse_args()
    systems = {"before": uncalibrated(options.model), "after": qs.load(options.model)}
    tasks = [task for task in TASKS if task.name in NAMES]
    found: dict[str, Any] = {}
    for task in tasks:
        corpus = FORMATS[task.format]
        rows = corpus.read(options.corpora / task.file)
        gold = first_of_each(rows)[: task.quick if options.quick else None]
        for name, nlp in systems.items():
            scores = score_rows(corpus, gold, predict(corpus, gold, nlp)).to_dict()
            chosen = {key: scores[key] for key in FIGURES if key in scores}
            found.setdefault(task.name, {})[name] = chosen
            print(task.name, name, {key: figure["value"] for key, figure in chosen.items()})
    files = [options.corpora / task.file for task in tasks]
    result = {"corpora": found, "provenance": provenance(files, model=options.model)}
    write_result("calibration", result, options.output)


if __name__ == "__main__":
    main()
