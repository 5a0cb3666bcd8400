"""Measure how the stance classifier errs, for the trends to propagate.

    python benchmarks/stance_confusion.py --gold ../shared/corpora/polnear-stance-dev.jsonl \
        --output quotestance/data/stance_confusion.json

The output holds labels and probabilities alone, no text.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import quotestance as qs
from quotestance.track.confusion import measure


def main() -> None:
    """Read the labelled articles with the model and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--model", default=None)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    gold = qs.read_records(options.gold)[: options.limit]
    nlp = qs.load(options.model)
    plain = [qs.Article(doc.text, doc.id) for doc in gold]
    found = list(nlp.pipe(plain))
    what = f"{options.gold.name}: {len(gold)} articles, quotes that the model found"
    data = measure(gold, found, what).to_dict()
    text = json.dumps({**data, "sample": []}, indent=1)
    rows = ",\n  ".join(json.dumps(row) for row in data["sample"])
    options.output.write_text(
        text.replace('"sample": []', f'"sample": [\n  {rows}\n ]') + "\n", encoding="utf-8"
    )
    print(json.dumps({key: data[key] for key in ("model", "counts", "matrix")}))


if __name__ == "__main__":
    main()
