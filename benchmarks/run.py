"""Run all benchmarks, each in a process of its own, then write the tables.

    python benchmarks/run.py [--corpora DIR] [--model PATH] [--quick]

``--quick`` checks small samples and leaves the tables alone. Without the corpora, quality is left
out and said so.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from common import CORPORA, ROOT, arguments

FOLDER = ROOT / "benchmarks"


def commands(corpora: Path, model: str | None, quick: bool) -> list[list[str]]:
    """The benchmarks to run, with their arguments."""
    chosen = ["--model", model] if model else []
    small = ["--quick"] if quick else []
    found = [["gate.py", *chosen], ["challenge.py", *chosen]]
    if quick:
        found[1] += ["--json", str(FOLDER / "results" / "challenge-quick.json")]
    if corpora.is_dir():
        found.append(["quality.py", "--corpora", str(corpora), *chosen, *small])
    else:
        print(f"quality.py: no {corpora}, left out")
    found.append(["example.py", *chosen, *small])
    found += [["speed.py", *chosen, *small], ["memory.py", *chosen, *small]]
    if not quick:
        if corpora.is_dir():
            found.append(["ablations.py", "--corpora", str(corpora), *chosen])
            found.append(["calibration.py", "--corpora", str(corpora), *chosen])
        found.append(["tables.py"])
    return found


def main() -> None:
    """Run every benchmark and say which failed."""
    parser = arguments(__doc__)
    parser.add_argument("--corpora", type=Path, default=CORPORA, help="folder of the corpora")
    args = parser.parse_args()
    failed = []
    for name, *rest in commands(args.corpora.resolve(), args.model, args.quick):
        print(f"== {name} {' '.join(rest)}", flush=True)
        start = time.perf_counter()
        done = subprocess.run([sys.executable, str(FOLDER / name), *rest], cwd=ROOT, check=False)
        print(f"== {name}: {time.perf_counter() - start:.0f} s", flush=True)
        if done.returncode:
            failed.append(name)
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
