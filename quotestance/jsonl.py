"""Reading JSON lines: every fault names file, line and field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from quotestance.errors import InputError

T = TypeVar("T")


def decode(data: bytes, file: str | Path, offset: int = 0) -> str:
    """UTF-8 bytes as text, newlines untouched.

    Args:
        data: The bytes.
        file: Where they come from.
        offset: How many bytes of the file stand before them.

    Raises:
        InputError: The bytes are not UTF-8; names the file and the first bad byte.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"expected UTF-8, found byte 0x{data[error.start]:02x} at byte {offset + error.start}",
            file=file,
            hint="convert the file first, for example: iconv -f WINDOWS-1252 -t UTF-8 IN > OUT",
        ) from None


def read_lines(path: str | Path) -> Iterator[tuple[int, str]]:
    r"""Number (from 1) and text of each line that is not blank; split at ``\n`` only.

    Raises:
        InputError: The file is missing or not UTF-8.
    """
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - closed by the with below
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", file=path, hint="check the path"
        ) from None
    offset = 0
    with file:
        for number, raw in enumerate(file, 1):
            try:
                line = decode(raw, path, offset)
            except InputError as error:
                raise error.at(path, number) from None
            offset += len(raw)
            line = line.removeprefix("\ufeff") if number == 1 else line
            if line.strip():
                yield number, line


def parse_line(line: str) -> Any:
    """One JSON value; raises ``InputError`` with the column where it breaks."""
    try:
        return json.loads(line.rstrip("\r\n"), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise InputError(
            f"expected one JSON object a line, found a fault at column {error.colno}: {error.msg}",
            field="record",
            hint="write each article on one line, as json.dumps does",
        ) from None
    except RecursionError:
        raise InputError("the JSON is nested too deeply to read", field="record") from None


def _refuse_constant(name: str) -> float:
    raise InputError(f"expected a JSON number, found {name}", field="record")


def read_jsonl(path: str | Path, build: Callable[[Any], T]) -> Iterator[tuple[int, T]]:
    """Line number and ``build(value)`` of each line of a JSON lines file.

    Args:
        path: The file.
        build: Makes the object of one line; raises ``InputError`` with the field at fault.

    Raises:
        InputError: A line does not parse or ``build`` refuses it; names file, line and field.
    """
    for number, line in read_lines(path):
        try:
            value = build(parse_line(line))
        except InputError as error:
            raise error.at(path, number) from None
        yield number, value
