"""What every benchmark shares: where data lies, results with their provenance, test articles."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from quotestance.records import Article

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
CORPORA = ROOT.parent / "shared" / "corpora"
PACKAGES = ("torch", "transformers", "tokenizers", "numpy", "textacy", "spacy", "vaderSentiment")


def arguments(doc: str | None) -> argparse.ArgumentParser:
    """A parser with the options that every benchmark has."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    parser.add_argument("--model", help="checkpoint folder; the shipped model by default")
    parser.add_argument("--quick", action="store_true", help="small samples, a few minutes")
    parser.add_argument("--output", type=Path, help="result file; by default in results/")
    return parser


def sha256(path: Path) -> str:
    """Checksum of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def model_folder(model: str | None) -> Path | None:
    """The folder of the model that a benchmark runs, where it is one on this machine."""
    folder = Path(model) if model else ROOT / "models" / "small"
    return folder if folder.is_dir() else None


def provenance(
    data: Iterable[Path] = (), *, model: str | None = None, seeds: dict[str, int] | None = None
) -> dict[str, Any]:
    """Versions, machine, commit, checksums of data and weights, seeds, and the command."""
    weights = model_folder(model)
    found = weights / "model.safetensors" if weights else None
    return {
        "command": " ".join(["python", _relative(Path(sys.argv[0])), *sys.argv[1:]]),
        "commit": _git("rev-parse", "HEAD"),
        "uncommitted_changes": bool(_git("status", "--porcelain", "--", "quotestance")),
        "versions": {"python": platform.python_version()} | _versions(),
        "machine": _machine(),
        "data_sha256": {path.name: sha256(path) for path in data if path.is_file()},
        "model": model or "models/small",
        "model_sha256": sha256(found) if found and found.is_file() else None,
        "seeds": seeds or {},
    }


def write_result(name: str, result: dict[str, Any], output: Path | None = None) -> Path:
    """Write a result as JSON and say where."""
    path = output or RESULTS / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {path}")
    return path


_NAMES = ("Ilsa Torvane", "Bram Oskel", "Mira Dunlath", "Corin Vash", "Tessa Quill", "Oren Halvard")
_TOPICS = ("the harbour", "the tram line", "the water board", "Norrick", "the budget", "the fair")
_SENTENCES = (
    "“{Topic} will stay open whatever it costs,” said {name}.",
    "{name} said that {topic} had been neglected for years.",
    "The council met on Tuesday and put off its vote until the spring.",
    "According to {name}, nobody had asked about {topic} before.",
    "“I trust the people who run {topic},” {name} told the meeting, “and I always have.”",
    "It rained for most of the week, and the ferries ran late.",
    "{name} denied that {topic} was at risk.",
)


def fiction_articles(count: int, words: int, seed: int = 1) -> list[Article]:
    """Articles of invented people in an invented town, of about ``words`` words each."""
    rng = random.Random(seed)
    articles = []
    for i in range(count):
        paragraphs: list[str] = []
        size = 0
        while size < words:
            topic = rng.choice(_TOPICS)
            sentence = rng.choice(_SENTENCES).format(
                name=rng.choice(_NAMES), topic=topic, Topic=topic[0].upper() + topic[1:]
            )
            paragraphs.append(sentence)
            size += len(sentence.split())
        articles.append(Article("\n\n".join(paragraphs), id=f"fiction-{seed}-{words}-{i}"))
    return articles


def _versions() -> dict[str, str]:
    out = {}
    for package in PACKAGES:
        try:
            out[package] = version(package)
        except PackageNotFoundError:
            continue
    return out


def _machine() -> dict[str, Any]:
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in _lines(Path("/proc/cpuinfo"))
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = next(
        (line.split()[1] for line in _lines(Path("/proc/meminfo")) if line.startswith("MemTotal")),
        None,
    )
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gb": None if memory is None else round(int(memory) / 1e6, 1),
    }


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def _relative(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(ROOT))
    except ValueError:
        return path.name


def _git(*command: str) -> str | None:
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None
