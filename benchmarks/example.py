"""What does it find in the seed article, beside the hand labels?

Run from a checkout::

    python benchmarks/example.py [--model PATH] [--quick]
"""

from __future__ import annotations

from typing import Any

from common import ROOT, arguments, provenance, write_result

from quotestance.evaluation.spans import Unit, align
from quotestance.evaluation.speakers import attributed
from quotestance.evaluation.stance import gold_label, target_matches
from quotestance.quotes import Quote
from quotestance.records import AnnotatedArticle, Article, read_records

SEED = ROOT / "seeds" / "seed-article.jsonl"


def rows(gold: AnnotatedArticle, found: AnnotatedArticle) -> list[dict[str, Any]]:
    """One row a quote in text order: hand label, prediction, and which answers are right.

    Args:
        gold: The labelled article.
        found: The prediction for it.
    """
    aligned = align(gold, found)
    pairs: list[tuple[Unit | None, Unit | None]] = list(aligned.matched())
    seen, taken = {i for i, _ in aligned.pairs}, {j for _, j in aligned.pairs}
    pairs += [(one, None) for i, one in enumerate(aligned.gold) if i not in seen]
    pairs += [(None, one) for j, one in enumerate(aligned.predicted) if j not in taken]
    pairs.sort(key=_place)
    return [
        {
            "label": g and _answers(g.quote),
            "found": p and _answers(p.quote),
            "right": _right(g.quote, p.quote) if g and p else [],
        }
        for g, p in pairs
    ]


def _place(pair: tuple[Unit | None, Unit | None]) -> int:
    return min(span.start for one in pair if one for span in one.quote.content)


def _answers(quote: Quote) -> dict[str, Any]:
    return {
        "words": " … ".join(" ".join(span.text.split()) for span in quote.content),
        "speaker": [speaker.name for speaker in quote.speakers if speaker.name],
        "target": quote.target,
        "stance": quote.stance.label if quote.stance else None,
    }


def _right(gold: Quote, found: Quote) -> list[str]:
    label = found.stance.label if found.stance else None
    judged = {
        "speaker": attributed(gold, found),
        "target": gold.target is None or target_matches(gold, found),
        "stance": gold_label(gold, label) == label,
    }
    return [name for name, right in judged.items() if right]


def main() -> None:
    """Read the seed article and write the result."""
    args = arguments(__doc__).parse_args()
    import quotestance as qs

    (gold,) = read_records(SEED)
    found = qs.load(args.model)(Article(gold.text, gold.id, gold.title, gold.outlet, gold.date))
    result = {"rows": rows(gold, found), "provenance": provenance([SEED], model=args.model)}
    write_result("example-quick" if args.quick else "example", result, args.output)


if __name__ == "__main__":
    main()
