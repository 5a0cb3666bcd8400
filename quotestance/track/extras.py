"""Importing what the extra ``[track]`` brings, with an error that names the pip command."""

from __future__ import annotations

import importlib
from typing import Any

from quotestance.errors import MissingExtraError


def need(package: str, feature: str = "the ledger") -> Any:
    """Import ``package``.

    Args:
        package: Name of the module, such as ``duckdb``.
        feature: What the user asked for, for the message.

    Raises:
        MissingExtraError: The package is not installed.
    """
    try:
        return importlib.import_module(package)
    except ImportError:
        raise MissingExtraError(feature, "track", package.partition(".")[0]) from None
