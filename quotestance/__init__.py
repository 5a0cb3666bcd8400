"""Quotes in English news: what was said, who said it, toward what, in what tone.

>>> import quotestance as qs
>>> nlp = qs.load()
>>> doc = nlp("The minister said the plan was 'a disgrace'.")

The public names are imported when first used, so that ``import quotestance`` is quick and
loads neither torch nor any optional dependency.
"""

from __future__ import annotations

import importlib
from importlib import metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quotestance.articles import Failure, as_articles, read_articles
    from quotestance.errors import (
        DeviceError,
        InputError,
        MissingExtraError,
        ModelError,
        QuotestanceError,
    )
    from quotestance.evaluation import evaluate  # type: ignore[no-redef]
    from quotestance.pipeline import Pipeline, load
    from quotestance.records import (
        AnnotatedArticle,
        Article,
        Confidence,
        Entity,
        Quote,
        Span,
        Speaker,
        Stance,
        read_records,
        write_records,
    )
    from quotestance.stages.roster import Roster
    from quotestance.track.ledger import Ledger
    from quotestance.training.train import train

    __version__: str

_NAMES = {
    "quotestance.articles": ("Failure", "as_articles", "read_articles"),
    "quotestance.errors": (
        *("DeviceError", "InputError", "MissingExtraError", "ModelError", "QuotestanceError"),
    ),
    "quotestance.evaluation": ("evaluate",),
    "quotestance.pipeline": ("Pipeline", "load"),
    "quotestance.records": (
        *("AnnotatedArticle", "Article", "Confidence", "Entity", "Quote", "Span", "Speaker"),
        *("Stance", "read_records", "write_records"),
    ),
    "quotestance.stages.roster": ("Roster",),
    "quotestance.track.ledger": ("Ledger",),
    "quotestance.training.train": ("train",),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [
    "AnnotatedArticle",
    "Article",
    "Confidence",
    "DeviceError",
    "Entity",
    "Failure",
    "InputError",
    "Ledger",
    "MissingExtraError",
    "ModelError",
    "Pipeline",
    "Quote",
    "QuotestanceError",
    "Roster",
    "Span",
    "Speaker",
    "Stance",
    "__version__",
    "as_articles",
    "evaluate",
    "load",
    "read_articles",
    "read_records",
    "train",
    "write_records",
]


def _version() -> str:
    try:
        return metadata.version("quotestance")
    except metadata.PackageNotFoundError:
        return "0.0.0+checkout"  # run from a checkout that was never installed


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = _version()
    elif name == "interop":
        value = importlib.import_module("quotestance.interop")
    elif name in _HOME:
        value = getattr(importlib.import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module 'quotestance' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
