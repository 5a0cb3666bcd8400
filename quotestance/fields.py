"""Typed reading of the fields of a JSON object; every fault names the field."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Collection, Mapping
from typing import Any

from quotestance.errors import InputError

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def path(where: str, key: str) -> str:
    """Dotted path of ``key`` under ``where``."""
    return f"{where}.{key}" if where else key


def fault(expected: str, found: object, field: str, hint: str | None = None) -> InputError:
    """The error for a field that holds ``found`` where ``expected`` was due."""
    shown = repr(found)
    if len(shown) > 60:
        shown = shown[:57] + "..."
    return InputError(f"expected {expected}, found {shown}", field=field, hint=hint)


def mapping(data: object, field: str) -> dict[str, Any]:
    """``data`` as a dict with string keys."""
    if not isinstance(data, Mapping):
        raise fault("a JSON object", data, field or "record")
    return dict(data)


def items(data: Mapping[str, Any], key: str, where: str) -> list[Any]:
    """A list, empty where the key is missing or null."""
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise fault("a list", value, path(where, key))
    return list(value)


def text_or_none(data: Mapping[str, Any], key: str, where: str) -> str | None:
    """A string or None."""
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise fault("a string or null", value, path(where, key))
    return value


def required_text(data: Mapping[str, Any], key: str, where: str) -> str:
    """A string that must be there."""
    if not isinstance(data.get(key), str):
        raise fault("a string", data.get(key), path(where, key))
    return str(data[key])


def texts(data: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """A tuple of strings."""
    values = items(data, key, where)
    for i, value in enumerate(values):
        if not isinstance(value, str):
            raise fault("a string", value, f"{path(where, key)}[{i}]")
    return tuple(values)


def choice(
    data: Mapping[str, Any],
    key: str,
    allowed: Collection[str],
    where: str,
    default: str | None = None,
) -> str | None:
    """One of ``allowed``, or ``default`` where the key is missing or null."""
    value = data.get(key)
    if value is None:
        return default
    if not isinstance(value, str) or value not in allowed:
        raise fault("one of " + ", ".join(allowed), value, path(where, key))
    return value


def boolean(data: Mapping[str, Any], key: str, where: str, default: bool) -> bool:
    """True or False."""
    value = data.get(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise fault("true or false", value, path(where, key))
    return value


def number_or_none(data: Mapping[str, Any], key: str, where: str) -> float | None:
    """A finite number or None."""
    value = data.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise fault("a number or null", value, path(where, key))
    return float(value)


def pair(value: object, field: str) -> tuple[int, int]:
    """A ``[start, end]`` pair with ``0 <= start <= end``."""
    ok = (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(isinstance(v, int) and not isinstance(v, bool) for v in value)
        and 0 <= value[0] <= value[1]
    )
    if not ok:
        raise fault("[start, end] with 0 <= start <= end", value, field)
    start: int = value[0]  # type: ignore[index]
    end: int = value[1]  # type: ignore[index]
    return start, end


def check_date(date: object, field: str = "date") -> None:
    """Raise ``InputError`` unless ``date`` is None or a real day as ``YYYY-MM-DD``."""
    if date is None:
        return
    hint = "write the day of publication as in 2023-06-19, or null where it is not known"
    if not isinstance(date, str) or not _DATE.fullmatch(date):
        raise fault("a date as YYYY-MM-DD or null", date, field, hint)
    try:
        datetime.date.fromisoformat(date)
    except ValueError:
        raise fault("a day of the calendar as YYYY-MM-DD", date, field, hint) from None
