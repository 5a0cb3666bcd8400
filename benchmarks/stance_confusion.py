"""Measure how the stance classifier errs, for the trends to propagate.

Run it anew whenever the shipped model changes; tests/track/test_confusion.py fails until then.

    python benchmarks/stance_confusion.py

The output holds labels and probabilities alone, no text.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from common import CORPORA, model_folder, sha256

import quotestance as qs
from quotestance.errors import QuotestanceError
from quotestance.track.confusion import SHIPPED, Confusion, measure


def main() -> None:
    """Read the labelled articles with the model and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, default=CORPORA / "polnear-stance-dev.jsonl")
    parser.add_argument("--model", help="checkpoint folder; the shipped model by default")
    parser.add_argument("--limit", type=int, help="so many articles only")
    parser.add_argument("--output", type=Path, default=SHIPPED)
    options = parser.parse_args()
    gold = qs.read_records(options.gold)[: options.limit]
    nlp = qs.load(options.model)
    found = list(nlp.pipe([qs.Article(doc.text, doc.id) for doc in gold]))
    what = f"{options.gold.name}: {len(gold)} articles, quotes that the model found"
    try:
        data = measure(gold, found, what).to_dict()
        Confusion.from_dict(data)
    except QuotestanceError as error:
        raise SystemExit(f"not written: {error}") from None
    folder = model_folder(options.model)
    data["weights_sha256"] = sha256(folder / "model.safetensors") if folder else None
    options.output.write_text(written(data), encoding="utf-8")
    shown = {key: data[key] for key in ("model", "measured_on", "counts", "matrix")}
    print(f"{options.output}: {json.dumps(shown)}")


def written(data: dict[str, Any]) -> str:
    """The file, a line for each labelled quote."""
    rows = ",\n  ".join(json.dumps(row) for row in data["sample"])
    text = json.dumps({**data, "sample": []}, indent=1)
    return text.replace('"sample": []', f'"sample": [\n  {rows}\n ]') + "\n"


if __name__ == "__main__":
    main()
