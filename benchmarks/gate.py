"""Are the figures on ``seeds/`` still at the floors of ``benchmarks/floors.json``?

CI fails below them. Run from a checkout::

    python benchmarks/gate.py [--model PATH] [--update]

``--update`` writes the figures just reached, less two points, as the new floors. The file has a
second part for samples of the dev files, which ``quality.py --quick`` checks.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from challenge import figures as pass_rates
from challenge import judge
from common import ROOT, arguments

from quotestance.evaluation.scoring import score_quotes
from quotestance.records import AnnotatedArticle, Article, read_records

FLOORS = ROOT / "benchmarks" / "floors.json"
SEEDS = ("seed-article", "challenge")
FIGURES = (
    *("content_token_f1", "exact_f1", "half_overlap_recall", "half_overlap_precision"),
    *("relation_f1", "speaker_right", "target_match", "macro_f1", "end_to_end_f1"),
)
Figures = dict[str, dict[str, float]]
#: Points below what was reached: another machine rounds differently and decides a case otherwise.
SLACK = 2.0


def reached(nlp: Any, folder: Path = ROOT / "seeds") -> Figures:
    """Figures of a model on the hand-labelled articles of ``seeds/``."""
    out: Figures = {}
    for name in SEEDS:
        gold = read_records(folder / f"{name}.jsonl")
        found = list(nlp.pipe(Article(d.text, d.id, d.title, d.outlet, d.date) for d in gold))
        scores = score_quotes(gold, found, resamples=0)
        values = {key: scores[key].value for key in FIGURES}
        out[name] = {k: round(v, 1) for k, v in values.items() if not math.isnan(v)}
        if name == "challenge":
            out["challenge-pass-rate"] = _pass_rates(gold, found)
    return out


def _pass_rates(gold: list[AnnotatedArticle], found: list[AnnotatedArticle]) -> dict[str, float]:
    by_id = {doc.id: doc for doc in found}
    rates = pass_rates([judge(doc, by_id.get(doc.id)) for doc in gold])
    return {name: rate["value"] for name, rate in rates.items()}


def below(floors: Mapping[str, Mapping[str, float]], figures: Figures) -> list[str]:
    """One line for each figure below its floor, or missing."""
    lines = []
    for name, wanted in floors.items():
        for key, floor in wanted.items():
            value = figures.get(name, {}).get(key)
            if value is None or value < floor:
                lines.append(f"{name}: {key} expected {floor} or more, found {value}")
    return lines


def read_floors(part: str) -> Figures:
    """The floors of a part of the file, ``seeds`` or ``dev``; none where it has none yet."""
    floors: dict[str, Figures] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return floors.get(part, {})


def write_floors(part: str, figures: Figures) -> None:
    """Write figures less the slack as the new floors of a part, the other left as it is."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    floors[part] = {
        name: {key: round(max(0.0, value - SLACK), 1) for key, value in values.items()}
        for name, values in figures.items()
    }
    FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")


def check(part: str, figures: Figures, *, update: bool) -> None:
    """Compare figures with the floors of a part, or make them the new ones.

    Raises:
        SystemExit: A figure is below its floor; names each.
    """
    if update:
        write_floors(part, figures)
    elif faults := below(read_floors(part), figures):
        raise SystemExit("\n".join(faults))


def main() -> None:
    """Score the model on ``seeds/`` and compare with the floors."""
    parser = arguments(__doc__)
    parser.add_argument("--update", action="store_true", help="write the figures as floors")
    args = parser.parse_args()
    import quotestance as qs

    figures = reached(qs.load(args.model))
    print(json.dumps(figures, indent=1))
    check("seeds", figures, update=args.update)


if __name__ == "__main__":
    main()
