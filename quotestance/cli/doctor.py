"""``quotestance doctor``: what is installed, where the model runs, and whether it works."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotestance.cli.common import SOME_FAILED, fail
from quotestance.cli.extract import Device
from quotestance.errors import QuotestanceError

if TYPE_CHECKING:
    from quotestance.pipeline import Pipeline

_REQUIRED = ("torch", "transformers", "tokenizers", "safetensors", "numpy", "rapidfuzz")
_EXTRAS = {
    "data": ("pandas", "pyarrow", "datasets"),
    "train": ("datasets", "accelerate", "tensorboard"),
    "track": ("duckdb", "pyarrow", "pandas", "jinja2", "matplotlib", "datasketch"),
    "spacy": ("spacy",),
}
# Fiction: the place and the person are invented.
_SAMPLE = "“The bridge will open in May,” said Ilsa Torvane, the mayor of Norrick."
_SAMPLE_CONTENT = "“The bridge will open in May,”"


def doctor(
    model: Annotated[
        str | None, typer.Option("--model", metavar="PATH", help="Another model folder.")
    ] = None,
    device: Annotated[Device, typer.Option("--device", help="Where to run.")] = "auto",
) -> None:
    """Print versions, device, model and terms of its weights, and run a smoke test.

    Exit code 0 if the smoke test passes, 1 if it fails, 2 if the model cannot be loaded.
    """
    _show_versions()
    try:
        from quotestance import pipeline
        from quotestance.network.checkpoint import find_folder

        folder = find_folder(model)
        nlp = pipeline.load(str(folder), device=device)
        _row("model", f"{nlp.name} {nlp.version}")
        _row("folder", str(folder))
        _row("terms", _terms(folder))
        fault = _smoke_test(nlp)
    except QuotestanceError as error:
        fail(error)
    _row("smoke test", f"failed: {fault}" if fault else "passed")
    if fault:
        raise typer.Exit(SOME_FAILED)


def _show_versions() -> None:
    import torch

    _row("quotestance", _version("quotestance"))
    _row("python", f"{platform.python_version()} on {platform.platform()}")
    for package in _REQUIRED:
        _row(package, _version(package))
    for extra, packages in _EXTRAS.items():
        missing = [package for package in packages if _version(package) == "missing"]
        lacks = f"without {', '.join(missing)}; pip install 'quotestance[{extra}]'"
        _row(f"[{extra}]", lacks if missing else "complete")
    cuda = torch.cuda.is_available()
    _row("device", f"cuda ({torch.cuda.get_device_name()})" if cuda else "cpu")
    _row("threads", str(torch.get_num_threads()))


def _row(name: str, value: str) -> None:
    typer.echo(f"{name:<14}{value}")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def _terms(folder: Path) -> str:
    """The first paragraph of the model's licence file, on one line."""
    file = folder / "LICENSE.md"
    if not file.is_file():
        return "no LICENSE.md in the model folder: ask whoever made the model"
    blocks = file.read_text(encoding="utf-8").split("\n\n")
    prose = next((block for block in blocks if not block.startswith("#") and block.strip()), "")
    return f"{' '.join(prose.split())} ({file})"


def _smoke_test(nlp: Pipeline) -> str | None:
    """What is wrong with the quote of a one-sentence article; None where it is right."""
    doc = nlp(_SAMPLE)
    contents = [quote.text for quote in doc.quotes]
    if contents != [_SAMPLE_CONTENT]:
        return f"expected the quote {_SAMPLE_CONTENT!r}, found {contents}"
    source = " ".join(span.text for span in doc.quotes[0].source)
    if "Torvane" not in source:
        return f"expected the source Ilsa Torvane, found {source!r}"
    return None
