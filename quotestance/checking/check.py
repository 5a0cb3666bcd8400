"""Everything that is wrong with labelled files, said before training is started on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quotestance.checking.duplicates import Duplicates
from quotestance.checking.faults import Fault, of_error, shown
from quotestance.checking.names import Names
from quotestance.checking.schema import Schema
from quotestance.checking.spans import SpanCheck
from quotestance.checking.units import CODE_POINTS, file_units, pairs_of, readings
from quotestance.errors import InputError
from quotestance.jsonl import parse_line, read_lines
from quotestance.quotes import KINDS, MODES, POLARITIES, STANCES

_CLASSES: Mapping[str, Sequence[str]] = {
    "kind": KINDS,
    "polarity": POLARITIES,
    "mode": MODES,
    "stance": STANCES,
}
# Below these numbers a missing or rare class may be chance.
_ENOUGH, _MANY, _RARE = 20, 100, 0.03


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a labelled file that parsed: its number and the raw object."""

    line: int
    data: dict[str, Any]


@dataclass
class Summary:
    """What the files hold.

    Args:
        articles: Articles read.
        quotes: Quotes that could be read, attributions that are no quotes left out.
        classes: How often each label was given, by key (``kind``, ``stance``, ...).
        units: Records by the unit that their offsets count.
    """

    articles: int = 0
    quotes: int = 0
    classes: dict[str, Counter[str]] = field(
        default_factory=lambda: {key: Counter() for key in _CLASSES}
    )
    units: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Report:
    """All faults, file by file in the order of the lines, and what the files hold."""

    faults: tuple[Fault, ...]
    summary: Summary

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def check_files(paths: Sequence[str | Path], near: float = 0.6) -> Report:
    """Check labelled ``.jsonl`` files, each by itself and against each other.

    Args:
        paths: The files.
        near: Share of common word triples (0 to 1) from which two articles count as near
            duplicates.

    Raises:
        InputError: A file cannot be read or is not UTF-8. Everything else is a fault.
    """
    checker = _Checker(near)
    for path in dict.fromkeys(str(path) for path in paths):
        checker.file(path)
    checker.across()
    order = {str(path): i for i, path in reversed(list(enumerate(paths)))}
    faults = sorted(checker.faults, key=lambda fault: (order[fault.file], fault.line))
    return Report(tuple(faults), checker.summary)


def parse_file(path: str | Path) -> tuple[list[Record], list[Fault]]:
    """The lines of a file that are JSON objects, and a fault for each that is not."""
    records, faults = [], []
    for number, line in read_lines(path):
        try:
            data = parse_line(line)
            if not isinstance(data, dict):
                raise InputError(
                    f"expected a JSON object, found {type(data).__name__}",
                    hint="write each article as one object a line",
                )
        except InputError as error:
            faults.append(of_error(str(path), number, error))
        else:
            records.append(Record(number, data))
    return records, faults


def units_of(records: Sequence[Record]) -> list[str]:
    """The unit that the offsets of each record count, found by where its spans fall."""
    found = []
    for record in records:
        text = record.data.get("text")
        spans = [(pair[0], pair[1]) for _, pair in pairs_of(record.data)]
        found.append(readings(text, spans) if isinstance(text, str) else {CODE_POINTS: 0})
    return file_units(found)


class _Checker:
    def __init__(self, near: float) -> None:
        self.faults: list[Fault] = []
        self.summary = Summary()
        self._names = Names()
        self._duplicates = Duplicates(near)
        self._places: list[tuple[str, int]] = []
        self._own_keys: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self._first: tuple[str, int] | None = None

    def file(self, path: str) -> None:
        records, faults = parse_file(path)
        self.faults += faults
        ids: dict[str, int] = {}
        self._own_keys.clear()
        for record, unit in zip(records, units_of(records), strict=True):
            self._first = self._first or (path, record.line)
            self._record(path, record, unit)
            article_id = record.data.get("id")
            if not isinstance(article_id, str) or not article_id:
                continue
            first = ids.setdefault(article_id, record.line)
            if first != record.line:
                found = f"{shown(article_id)} again, first in line {first}"
                hint = "give every article an id of its own"
                self._add(path, record.line, "repeated-id", "id", "an id of its own", found, hint)
        for (_, key), places in self._own_keys.items():
            line, where = places[0]
            found = f"{shown(key)} in {len(places)} record{'s' if len(places) > 1 else ''}"
            hint = "put data of your own under 'meta' of the article, or drop the key"
            self._add(path, line, "unknown-key", where, "a key of the format", found, hint)

    def _add(self, *fault: Any) -> None:
        self.faults.append(Fault(*fault))

    def _record(self, path: str, record: Record, unit: str) -> None:
        schema = Schema(path, record.line, record.data)
        self.faults += schema.faults
        for key, where in schema.own_keys.items():
            self._own_keys.setdefault(key, []).append((record.line, where))
        text = record.data.get("text")
        if not isinstance(text, str):
            return
        self._count(schema, unit)
        self._names.add(path, record.line, schema.quotes)
        self._duplicate(path, record.line, text)
        spans = list(pairs_of(record.data))
        if unit == CODE_POINTS:
            self.faults += SpanCheck(path, record.line, text, schema.quotes, spans).faults()
            return
        first, (start, end) = spans[0]
        found = (
            f"{unit}: so read, the {len(spans)} spans from {first} [{start}, {end}] on fit words"
        )
        hint = "mend them with: quotestance check --repair"
        self._add(path, record.line, "unit", "", "offsets in Unicode code points", found, hint)

    def _count(self, schema: Schema, unit: str) -> None:
        self.summary.articles += 1
        self.summary.units[unit] += 1
        for quote in schema.quotes.values():
            if not quote.is_quote:
                continue
            self.summary.quotes += 1
            stance = quote.stance.label if quote.stance else None
            labels = {"kind": quote.kind, "polarity": quote.polarity, "mode": quote.mode}
            for key, label in {**labels, "stance": stance}.items():
                if label is not None and quote.has(key):
                    self.summary.classes[key][label] += 1

    def _duplicate(self, path: str, line: int, text: str) -> None:
        known = self._duplicates.add(text) if text else None
        if text:
            self._places.append((path, line))
        if known is None:
            return
        number, share = known
        file, first = self._places[number]
        where = f"line {first}" if file == path else f"{file}:{first}"
        across = "" if file == path else "; a model must not be tuned on what it was trained on"
        if share == 1.0:
            found, kind = f"the text of {where} word for word", "duplicate"
        else:
            found, kind = f"{share:.0%} of the word triples of {where}", "near-duplicate"
        hint = f"keep one of the two{across}"
        self._add(path, line, kind, "text", "an article that stands once", found, hint)

    def across(self) -> None:
        """Faults that show only when all files have been read."""
        for (file, line, path), name, other, place in self._names.pairs():
            where = f"{place[0]}:{place[1]}" if place[0] != file else f"line {place[1]}"
            found = f"{shown(name)}, and {shown(other)} in {where}"
            hint = "write the fullest correct name in both, or list the other under aliases"
            self._add(file, line, "names", path, "one spelling of a name", found, hint)
        self.faults += self._balance()

    def _balance(self) -> Iterator[Fault]:
        counts = self.summary.classes["stance"]
        total = sum(counts.values())
        if self._first is None or total < _ENOUGH:
            return
        for label in STANCES:
            count = counts[label]
            if count == 0 or (total >= _MANY and count / total < _RARE):
                found = f"{count} {label} of {total} labelled quotes in all files"
                hint = "label articles that hold more of it, or leave stance out of the training"
                yield Fault(
                    *self._first, "balance", "stance", "examples of every class", found, hint
                )
