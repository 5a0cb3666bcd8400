"""Speakers, channels and target names, given the labelled spans.

    python benchmarks/speakers.py [--corpora DIR] [--split dev|train]

Prints right, wrong and withheld by kind of source, as the evaluation counts them, and the share of
named-entity targets with the right name. Spans and targets' words are gold; names are the stage's.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from pathlib import Path

from quotestance.evaluation.spans import Unit
from quotestance.evaluation.speakers import VERDICTS, normalize, source_kind, verdict
from quotestance.quotes import Quote
from quotestance.records import AnnotatedArticle, Article, read_records
from quotestance.stages.speakers import SpeakerStage

NAMED = ("person", "organization", "country")
EMPTY: frozenset[int] = frozenset()


def resolve(stage: SpeakerStage, doc: AnnotatedArticle) -> tuple[Quote, ...]:
    """Quotes of one article with their gold spans and the stage's names."""
    empty = {"speakers": (), "via": (), "target": None, "target_type": None}
    quotes = [quote.replace(**empty) for quote in doc.quotes if quote.is_quote]
    article = Article(doc.text, doc.id, doc.title, doc.outlet, doc.date)
    return stage(article, quotes)[0]


def target_verdict(gold: Quote, found: Quote) -> str | None:
    """Whether a named-entity target has the right name; None where gold has no such target."""
    if gold.target is None or gold.target_type not in NAMED or gold.target_span is None:
        return None
    names = {normalize(n) for n in (gold.target, *gold.extra.get("target_aliases", ()))}
    if found.target is None:
        return "withheld"
    return "right" if normalize(found.target) in names else "wrong"


def table(counts: dict[str, Counter[str]]) -> str:
    """One line a kind, shares in percent."""
    lines = [f"{'':24}{'n':>6}" + "".join(f"{v:>10}" for v in VERDICTS)]
    for kind, counted in counts.items():
        total = sum(counted.values())
        shares = "".join(f"{100 * counted[v] / total:10.1f}" for v in VERDICTS)
        lines.append(f"{kind:24}{total:6}{shares}")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--split", choices=("dev", "train"), default="dev")
    options = parser.parse_args()
    docs = read_records(options.corpora / f"polnear-stance-{options.split}.jsonl")
    stage = SpeakerStage()
    resolve(stage, docs[0])
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    start = time.process_time()
    resolved = [resolve(stage, doc) for doc in docs]
    seconds = time.process_time() - start
    for doc, quotes in zip(docs, resolved, strict=True):
        for quote in quotes:
            gold = doc[quote.id]
            judged = verdict(gold, quote)
            if judged is not None:
                person = any(s.type == "person" for s in gold.speakers if s.name)
                unit = Unit(gold, EMPTY, EMPTY, EMPTY, False)
                for kind in ("all named speakers", "people" if person else "not people",
                             f"source: {source_kind(unit)}"):  # fmt: skip
                    counts[kind][judged] += 1
            judged = target_verdict(gold, quote)
            if judged is not None:
                counts["named-entity targets"][judged] += 1
    print(table(dict(sorted(counts.items()))))
    size = sum(len(doc.text) for doc in docs)
    print(f"{1e6 * seconds / size * 5:.1f} ms of CPU for 5,000 characters")


if __name__ == "__main__":
    main()
