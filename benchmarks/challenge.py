"""How often does the model get a whole challenge case right, phenomenon by phenomenon?

A case of ``seeds/challenge.jsonl`` passes when every labelled quote is found (half overlap of
content tokens), nothing else is predicted, and the label that the phenomenon is about is right
for every quote of the case (``LABELS``). Matching and names are those of
``quotestance.evaluation``. Run from a checkout::

    python benchmarks/challenge.py [--model PATH] [--predictions FILE] [--json FILE]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import platform
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from quotestance.evaluation.spans import Tokens, Unit, align
from quotestance.evaluation.speakers import attributed, normalize
from quotestance.records import AnnotatedArticle, Article, read_records

ROOT = Path(__file__).resolve().parents[1]
CHALLENGE = ROOT / "seeds" / "challenge.jsonl"
RESULTS = ROOT / "benchmarks" / "results" / "challenge.json"

Check = Callable[[Unit, Unit, Tokens], bool]


@dataclass(frozen=True)
class Outcome:
    """What went wrong in one case.

    Args:
        id: The case.
        phenomenon: What it tests.
        missed: Labelled quotes that were not found.
        spurious: Predictions that match no labelled quote.
        wrong: Quotes found with a wrong label of the phenomenon's own kind.
    """

    id: str
    phenomenon: str
    missed: int
    spurious: int
    wrong: int

    @property
    def passed(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.missed or self.spurious or self.wrong)


def _found(gold: Unit, predicted: Unit, tokens: Tokens) -> bool:
    return True


def _polarity(gold: Unit, predicted: Unit, tokens: Tokens) -> bool:
    return gold.quote.polarity == predicted.quote.polarity


def _via(gold: Unit, predicted: Unit, tokens: Tokens) -> bool:
    others: Mapping[str, Sequence[str]] = gold.quote.extra.get("via_aliases", {})
    wanted = [{normalize(n) for n in (name, *others.get(name, ()))} for name in gold.quote.via]
    given = [normalize(name) for name in predicted.quote.via]
    return len(wanted) == len(given) and all(
        name in names for name, names in zip(given, wanted, strict=True)
    )


def _speaker(gold: Unit, predicted: Unit, tokens: Tokens) -> bool:
    return attributed(gold.quote, predicted.quote)


def _pieces(gold: Unit, predicted: Unit, tokens: Tokens) -> bool:
    pieces = [tokens.within([span]) for span in gold.quote.content]
    return all(len(piece & predicted.content) * 2 >= len(piece) for piece in pieces)


def _kind(gold: Unit, predicted: Unit, tokens: Tokens) -> bool:
    return gold.quote.kind == predicted.quote.kind


LABELS: dict[str, tuple[str, Check]] = {
    "denial": ("polarity", _polarity),
    "via": ("channels, in order", _via),
    "two-speakers": ("both speakers", _speaker),
    "quote-in-quote": ("outer and inner found", _found),
    "paragraphs-without-cue": ("speaker", _speaker),
    "pronoun-source": ("speaker", _speaker),
    "title-source": ("speaker", _speaker),
    "organization": ("speaker", _speaker),
    "unnamed-source": ("no name given", _speaker),
    "scare-quotes-and-titles": ("no quote of them", _found),
    "headlines": ("speaker", _speaker),
    "split-quotes": ("each piece covered", _pieces),
    "multi-paragraph": ("each piece covered", _pieces),
    "mark-styles": ("direct, indirect, mixed", _kind),
}
"""For each phenomenon, what its own label is and how one quote of it is checked."""


def judge(gold: AnnotatedArticle, predicted: AnnotatedArticle | None) -> Outcome:
    """The outcome of one case; a missing prediction counts as no quotes."""
    phenomenon = str(gold.extra["phenomenon"])
    alignment, tokens = align(gold, predicted), Tokens(gold.text)
    _, right = LABELS[phenomenon]
    matched = alignment.matched()
    return Outcome(
        id=gold.id,
        phenomenon=phenomenon,
        missed=len(alignment.gold) - len(matched),
        spurious=len(alignment.predicted) - len(matched),
        wrong=sum(not right(g, p, tokens) for g, p in matched),
    )


def wilson(passed: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """95 % interval of a share, from 0 to 1.

    Source:
        Wilson, Journal of the American Statistical Association 22, 1927.
    """
    if n == 0:
        return 0.0, 1.0
    share = passed / n
    centre = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def figures(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Pass rate in percent with its interval, for each phenomenon and for ``all``."""
    groups: dict[str, list[Outcome]] = {name: [] for name in LABELS}
    for outcome in outcomes:
        groups[outcome.phenomenon].append(outcome)
    groups = {name: cases for name, cases in groups.items() if cases} | {"all": list(outcomes)}
    return {name: _figure(cases) for name, cases in groups.items()}


def _figure(cases: Sequence[Outcome]) -> dict[str, float]:
    passed = sum(case.passed for case in cases)
    low, high = wilson(passed, len(cases))
    return {
        "value": round(100 * passed / len(cases), 1) if cases else 0.0,
        "low": round(100 * low, 1),
        "high": round(100 * high, 1),
        "n": len(cases),
        "passed": passed,
        "with_missed": sum(case.missed > 0 for case in cases),
        "with_spurious": sum(case.spurious > 0 for case in cases),
        "with_wrong_label": sum(case.wrong > 0 for case in cases),
    }


def predict(gold: Sequence[AnnotatedArticle], model: str | None) -> list[AnnotatedArticle]:
    """What the model makes of the texts of the cases."""
    import quotestance as qs

    nlp = qs.load(model) if model else qs.load()
    articles = (Article(doc.text, doc.id, outlet=doc.outlet, date=doc.date) for doc in gold)
    return list(nlp.pipe(articles))


def report(outcomes: Sequence[Outcome], model: str) -> dict[str, Any]:
    """The result file: figures, failures, and what they were made with."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    versions = {}
    for package in ("torch", "transformers", "numpy"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "corpus": "challenge",
        "n": len(outcomes),
        "figures": figures(outcomes),
        "labels": {name: label for name, (label, _) in LABELS.items()},
        "failures": [
            {"id": o.id, "missed": o.missed, "spurious": o.spurious, "wrong_label": o.wrong}
            for o in outcomes
            if not o.passed
        ],
        "command": "python benchmarks/challenge.py",
        "model": model,
        "data_sha256": hashlib.sha256(CHALLENGE.read_bytes()).hexdigest(),
        "commit": commit.stdout.strip() or None,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "versions": versions,
    }


def table(result: Mapping[str, Any]) -> str:
    """The figures as a Markdown table."""
    lines = ["| phenomenon | label checked | cases | passed, % | 95 % interval |"]
    lines.append("|---|---|---|---|---|")
    for name, row in result["figures"].items():
        label = result["labels"].get(name, "")
        interval = f"{row['low']:.0f} to {row['high']:.0f}"
        lines.append(f"| {name} | {label} | {row['n']} | {row['value']:.0f} | {interval} |")
    return "\n".join(lines)


def main() -> None:
    """Score the model, or a file of predictions, and write the result."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", help="checkpoint folder; the shipped model by default")
    parser.add_argument("--predictions", type=Path, help="score these records instead of a model")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where to write the result")
    args = parser.parse_args()
    gold = read_records(CHALLENGE)
    found = read_records(args.predictions) if args.predictions else predict(gold, args.model)
    by_id = {doc.id: doc for doc in found}
    outcomes = [judge(doc, by_id.get(doc.id)) for doc in gold]
    result = report(outcomes, str(args.predictions or args.model or "models/small"))
    args.json.parent.mkdir(parents=True, exist_ok=True)
    args.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(table(result))


if __name__ == "__main__":
    main()
