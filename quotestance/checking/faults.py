"""One thing that is wrong in a labelled file."""

from __future__ import annotations

from dataclasses import dataclass

from quotestance.errors import InputError


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, said so that it can be mended.

    Args:
        file: The file.
        line: Its line, from 1.
        kind: Short name of the kind of fault, such as ``range`` or ``near-duplicate``.
        field: Dotted path in the record, such as ``quotes[3].content[0]``; empty for the record.
        expected: What should stand there.
        found: What stands there.
        hint: What to do.
    """

    file: str
    line: int
    kind: str
    field: str
    expected: str
    found: str
    hint: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: {self.kind}: "
        field = f"{self.field}: " if self.field else ""
        return f"{place}{field}expected {self.expected}, found {self.found}; {self.hint}"


def of_error(file: str, line: int, error: InputError, where: str = "") -> Fault:
    """The fault that an ``InputError`` of the record readers names."""
    expected, _, found = error.reason.removeprefix("expected ").partition(", found ")
    if not found:
        expected, found = "a record of the labelling guide", error.reason
    hint = error.hint or "see docs/labelling.md for the format"
    return Fault(file, line, "format", error.field or where, expected, found, hint)


def shown(text: str, limit: int = 60) -> str:
    """``text`` in quotes for a message: line breaks escaped, long text cut."""
    out = repr(text)
    return out if len(out) <= limit else out[: limit - 3] + "..."
