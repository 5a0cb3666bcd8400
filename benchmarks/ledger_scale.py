"""How the ledger grows: adding, a trend, a report and memory, from 10,000 to 1,000,000 quotes.

Every size starts with an empty ledger, in a process of its own so that its peak memory is its
own. The records are synthetic: 50 speakers, 20 targets, ten quotes an article, ten years.

    python benchmarks/ledger_scale.py --output benchmarks/results/ledger_scale.json
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from quotestance.records import AnnotatedArticle, Quote, Span, Speaker, Stance
from quotestance.track.html import report
from quotestance.track.ledger import Ledger

SIZES = (10_000, 100_000, 1_000_000)
PER_ARTICLE = 10
SPEAKERS, TARGETS, OUTLETS = 50, 20, 40
DAYS = 3650
COPIED = 0.1
LABELS = ("supportive", "neutral", "critical")


def records(quotes: int, seed: int = 11) -> Iterator[AnnotatedArticle]:
    """Synthetic records in order of date; one quote in ten repeats a recent one."""
    rng = random.Random(seed)
    words = [f"word{i}" for i in range(20_000)]
    start, recent = datetime.date(2021, 1, 1), [(" ".join(words[:20]), "Speaker 0")]
    articles = quotes // PER_ARTICLE
    for number in range(articles):
        text, found = "", []
        for i in range(PER_ARTICLE):
            if rng.random() < COPIED:
                said, speaker = rng.choice(recent)
            else:
                said = " ".join(rng.choices(words, k=20))
                speaker = f"Speaker {rng.randrange(SPEAKERS)}"
                recent = [*recent[-50:], (said, speaker)]
            first = len(text) + len("She said ")
            text += f"She said {said}.\n"
            found.append(_quote(f"q{i}", (first, first + len(said)), speaker, rng))
        day = start + datetime.timedelta(days=number * DAYS // articles)
        yield AnnotatedArticle(
            text, f"fiction-{number}", outlet=f"Outlet {rng.randrange(OUTLETS)}",
            date=day.isoformat(), quotes=tuple(found), model={"name": "none", "version": "1"},
        )  # fmt: skip


def _quote(id: str, place: tuple[int, int], speaker: str, rng: random.Random) -> Quote:
    drawn = [rng.random() for _ in LABELS]
    shares = {label: value / sum(drawn) for label, value in zip(LABELS, drawn, strict=True)}
    return Quote(
        id,
        (Span(*place),),
        kind="indirect",
        speakers=(Speaker(speaker, "person"),),
        target=f"Target {rng.randrange(TARGETS)}",
        target_type="country",
        stance=Stance(max(shares, key=lambda label: shares[label]), shares),
    )


def timed(work: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """Seconds (by the clock and of processor) that a piece of work takes, and its result."""
    started, cpu = time.perf_counter(), time.process_time()
    result = work()
    spent = time.perf_counter() - started, time.process_time() - cpu
    return {"clock": round(spent[0], 2), "cpu": round(spent[1], 2)}, result


def measure(quotes: int, path: Path) -> dict[str, Any]:
    """The figures of one size, in this process.

    Args:
        quotes: How many.
        path: A ledger of so many quotes, which is then only asked, or a new file.
    """
    figures: dict[str, Any] = {"quotes": quotes, "articles": quotes // PER_ARTICLE}
    if not path.exists():
        figures["add_seconds"], _ = timed(lambda: Ledger(path).add_many(records(quotes)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        figures["peak_memory_mb_while_adding"] = peak // 1024
    return figures | asked(Ledger(path))


def asked(ledger: Ledger) -> dict[str, Any]:
    """The figures of a trend and of a report of one pair."""
    pair = {"speaker": "Speaker 1", "target": "Target 1"}
    trending, trend = timed(lambda: ledger.trend(by="month", **pair))
    reporting, page = timed(lambda: report(ledger, by="month", **pair))
    groups = ledger.sql("SELECT count(DISTINCT group_key) AS n FROM duplicates")["n"][0]
    return {
        "trend_seconds": trending,
        "trend_quotes": trend.overall.quotes,
        "report_seconds": reporting,
        "report_kb": len(page) // 1024,
        "file_mb": ledger.store.path.stat().st_size // 2**20,
        "groups_of_copies": int(groups),
        "articles_held": len(ledger),
    }


def main() -> None:
    """Measure each size in a process of its own and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--one", type=int, help="measure one size here and print it")
    parser.add_argument("--folder", type=Path, help="keep the ledgers there, or ask those there")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    if options.one:
        with tempfile.TemporaryDirectory() as made:
            path = (options.folder or Path(made)) / f"quotes-{options.one}.duckdb"
            print(json.dumps(measure(options.one, path)))
        return
    rows = []
    for size in options.sizes:
        call = [sys.executable, __file__, "--one", str(size)]
        call += ["--folder", str(options.folder)] if options.folder else []
        done = subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
        print(rows[-1], flush=True)
        if options.output:
            result = {
                "question": "does the ledger scale to a million quotes",
                "command": "python benchmarks/ledger_scale.py",
                "note": "seconds by the clock and of processor; on a busy machine they differ",
                "rows": rows,
            }
            text = json.dumps(result, indent=1)
            options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
