"""One row of a table, or one JSON object, as an article; or a failure in its place."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotestance.errors import InputError, QuotestanceError
from quotestance.records import Article

# What a labelled record holds beside the article itself; never taken for meta data.
_RECORD_KEYS = frozenset({"format", "quotes", "entities", "model", "warnings"})


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be read or processed, in the place where it stood.

    Args:
        id: Id of the article, or ``FILE:LINE`` or ``[INDEX]`` where it has none.
        error: What was wrong, with a hint.
    """

    id: str
    error: QuotestanceError


def article_of(row: Mapping[Any, Any], default_id: str = "") -> Article:
    """The article of one row of a table or one JSON object.

    Args:
        row: Has ``text``; ``id``, ``title``, ``date`` and ``outlet`` fill the article, a
            mapping under ``meta`` and every other key go to ``meta``.
        default_id: Id for a row that has none.

    Raises:
        InputError: ``text`` is missing or no string, or another field is malformed; names it.
    """
    data = {str(key): _plain(value) for key, value in row.items()}
    if not isinstance(data.get("text"), str):
        found = type(data["text"]).__name__ if "text" in data else _keys(data)
        raise InputError(f"expected a string, found {found}", field="text")
    if isinstance(data.get("quotes"), list):
        data = {key: value for key, value in data.items() if key not in _RECORD_KEYS}
    text, id, date = data.pop("text"), data.pop("id", None), data.pop("date", None)
    title, outlet = (_text_or_none(data.pop(key, None), key) for key in ("title", "outlet"))
    meta = data.pop("meta") if isinstance(data.get("meta"), dict) else {}
    return Article(
        text=text,
        id=_identifier(id) or default_id,
        title=title,
        outlet=outlet,
        date=None if date == "" else date,
        meta={**meta, **data},
    )


def build_article(
    row: Mapping[Any, Any], default: str, place: str, path: Path | None = None, line: int = 0
) -> Article | Failure:
    """``article_of``, with a failure named by the row's id or by ``place`` where it raises."""
    try:
        return article_of(row, default)
    except InputError as error:
        try:
            id = _identifier(_plain(row.get("id")))
        except InputError:
            id = None
        return Failure(id or place, error.at(path, line) if path else error)


def shown_names(names: Iterable[str]) -> str:
    """The first few names, quoted, for a message."""
    return ", ".join(repr(name) for name in list(names)[:8])


def _keys(data: Mapping[str, Any]) -> str:
    if not data:
        return "no keys"
    return f"the key{'s' if len(data) > 1 else ''} {shown_names(data)}"


def _identifier(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"expected a string, found {type(value).__name__}", field="id")
    return str(value)


def _text_or_none(value: Any, key: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise InputError(f"expected a string or null, found {type(value).__name__}", field=key)
    return value


def _plain(value: Any) -> Any:
    """``value`` as JSON can hold it; a number that is none (NaN) is a missing value."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date):  # a datetime or a pandas.Timestamp too
        return _iso(value)
    if hasattr(value, "tolist"):  # a numpy scalar or array
        return _plain(value.tolist())
    return None if value != value else str(value)


def _iso(value: datetime.date) -> str | None:
    if value != value:  # pandas.NaT
        return None
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()  # a column of days, stored as timestamps
    return value.isoformat()
