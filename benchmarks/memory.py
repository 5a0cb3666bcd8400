"""How much memory does it take: flat in the number of articles, linear in the length?

Each case runs in a process of its own, whose peak resident size is read at its end. Run from a
checkout::

    python benchmarks/memory.py [--model PATH] [--quick]
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from common import ROOT, arguments, fiction_articles, provenance, write_result

from quotestance.records import Article

COUNTS = (10, 100, 1000)
LENGTHS = (10_000, 100_000, 1_000_000)  # characters of a single article
QUICK_COUNTS, QUICK_LENGTHS = (5, 50), (5_000, 50_000)
_WORDS = 200


def stream(count: int) -> Iterator[Article]:
    """Articles made one at a time, so that the source holds none."""
    for seed in range(count):
        yield from fiction_articles(1, _WORDS, seed=seed)


def long_article(characters: int) -> Article:
    """One article of that many characters."""
    (article,) = fiction_articles(1, characters // 6)
    text = article.text
    while len(text) < characters:
        text += "\n\n" + article.text
    return Article(text[:characters], id=f"fiction-long-{characters}")


def child(case: str, size: int, model: str | None) -> None:
    """Run one case and print its peak in MB, and the seconds that it took."""
    import quotestance as qs

    nlp = qs.load(model)
    articles: Iterator[Article] = iter(())
    if case == "seed":
        articles = iter([Article((ROOT / "seeds" / "seed-article.txt").read_text("utf-8"))])
    elif case == "count":
        articles = stream(size)
    elif case == "length":
        articles = iter([long_article(size)])
    start = time.perf_counter()
    quotes = sum(len(doc) for doc in nlp.pipe(articles))
    seconds = round(time.perf_counter() - start, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024
    found = {"peak_mb": round(peak * unit / 1e6, 1), "quotes": quotes, "seconds": seconds}
    print(json.dumps(found))


def measure(case: str, size: int, model: str | None) -> dict[str, Any]:
    """Peak of one case in a process of its own."""
    command = [sys.executable, __file__, "--case", case, "--size", str(size)]
    command += ["--model", model] if model else []
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{case} {size} failed:\n{done.stderr[-2000:]}")
    found = {"case": case, "size": size} | json.loads(done.stdout.splitlines()[-1])
    print(found, flush=True)
    return found


def main() -> None:
    """Measure every case and write the result."""
    parser = arguments(__doc__)
    parser.add_argument(
        "--case", choices=["load", "seed", "count", "length"], help="run this one here"
    )
    parser.add_argument("--size", type=int, default=0)
    args = parser.parse_args()
    if args.case:
        child(args.case, args.size, args.model)
        return
    counts, lengths = (QUICK_COUNTS, QUICK_LENGTHS) if args.quick else (COUNTS, LENGTHS)
    cases = [
        ("load", 0),
        ("seed", 0),
        *(("count", n) for n in counts),
        *(("length", n) for n in lengths),
    ]
    result = {
        "quick": args.quick,
        "words_per_article": _WORDS,
        "cases": [measure(case, size, args.model) for case, size in cases],
        "provenance": provenance(model=args.model),
    }
    write_result("memory-quick" if args.quick else "memory", result, args.output)


if __name__ == "__main__":
    main()
