"""The roster: who held which office when, under which names and identifiers.

A roster is layers of rows; the first layer that knows a name or an office decides, so a
user's rows win over the built-in ones. A row is only checked and kept when it is read; a person
is made of rows, and a name is taken apart, when somebody asks for one like it.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Self

from quotestance.stages.names import fold, misspelling, name_words, same_name, surnames
from quotestance.stages.offices import office
from quotestance.stages.roster_files import COLUMNS, Row, read_rows
from quotestance.stages.roster_layer import Layer
from quotestance.stages.roster_people import NO_OFFICE, Person, Term

__all__ = ["Person", "Roster"]


@dataclass(frozen=True)
class Roster:
    """Known people and their offices, for naming speakers and targets.

    Args:
        layers: Groups of people; the first that knows a name or an office decides.
    """

    layers: tuple[Layer, ...] = field(default=(), repr=False)

    @classmethod
    def empty(cls) -> Self:
        """A roster that knows nobody."""
        return cls()

    @classmethod
    def builtin(cls) -> Roster:
        """The roster that ships with quotestance (``quotestance/data/roster.tsv.gz``)."""
        return _builtin()

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str]]) -> Self:
        """A roster from rows with the columns of ``roster_files.COLUMNS``, joined by person."""
        return cls((Layer.of(tuple(row.get(c) or "" for c in COLUMNS) for row in rows),))

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a roster of your own.

        Args:
            path: ``.csv`` with a header, ``.json`` (a list of objects) or ``.jsonl``; columns
                as in ``roster_files.COLUMNS``, ``aliases`` split by ``|`` or, in JSON, a list.

        Raises:
            InputError: A row cannot be used; names file, line and field.
        """
        return cls((Layer.of(read_rows(path)),))

    def over(self, other: Roster) -> Roster:
        """This roster before another: what this one knows wins.

        ``qs.Roster.read("mine.csv").over(qs.Roster.builtin())``.
        """
        return Roster(self.layers + other.layers)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(people={len(self)})"

    def own_countries(self) -> set[str]:
        """Countries of the layers that are not the built-in one."""
        own = [layer for layer in self.layers if layer not in Roster.builtin().layers]
        return {row[3] for layer in own for rows in layer.rows for row in rows if row[3]}

    def __len__(self) -> int:
        return sum(len(layer.rows) for layer in self.layers)

    def __iter__(self) -> Iterator[Person]:
        for layer in self.layers:
            yield from map(layer.person, range(len(layer.rows)))

    def lookup_name(
        self, name: str, date: str | None = None, country_hint: str | None = None
    ) -> Person | None:
        """The one person that a full name stands for, or None.

        Args:
            name: Two words or more; a surname alone is never enough here.
            date: Day as ``YYYY-MM-DD``; decides between people who held office at other times.
            country_hint: Decides between people of one name.
        """
        for layer in self.layers:
            found = _by_full_name(layer, name, date)
            if found:
                return _decide(found, country_hint)
        return None

    def lookup_role(self, role: str, country: str | None, date: str | None) -> Person | None:
        """Who held an office at a day; None without a day, or with two holders, or none.

        Args:
            role: The office, as in ``foreign minister`` or ``Secretary of State``.
            country: Its country, by the name that the roster uses.
            date: Day as ``YYYY-MM-DD``.
        """
        if not date or not country:
            return None
        for layer in self.layers:
            holders = _holders(layer, office(role), fold(country), date)
            if holders:
                people = {id(p): p for p in holders}
                return holders[0] if len(people) == 1 else None
        return None

    def lookup_surname(self, name: str, date: str | None) -> Person | None:
        """The one clearly best-known person of a surname at a day, or None.

        Only leaders of countries and their deputies and foreign ministers count, and only one
        who is better known at that day than every other of the surname.
        """
        words = name_words(name)
        people: dict[str, Person] = {}
        for layer in self.layers:
            for i in layer.surnamed(words):
                person = layer.person(i)
                if surnames(person.name)[0] == words:
                    people.setdefault(person.id or fold(person.name), person)
        ranked = sorted(people.values(), key=lambda p: p.prominence(date))
        if not ranked or ranked[0].prominence(date) > _FAMOUS:
            return None
        if len(ranked) > 1 and ranked[1].prominence(date) <= ranked[0].prominence(date) + 1:
            return None
        return ranked[0]

    def lookup_titled(self, name: str, title: str, date: str | None) -> Person | None:
        """The one well-known person of a surname who has held an office with that title, or None.

        ``Secretary Clinton``: the office may be over, the country is not said.
        """
        words, title_words = name_words(name), frozenset(fold(title).rstrip(".").split())
        found: dict[str, Person] = {}
        for layer in self.layers:
            for i in layer.surnamed(words):
                person = layer.person(i)
                held = any(
                    title_words <= set(office(t.role).split()) and _begun(t, date)
                    for t in person.terms
                )
                surname = surnames(person.name)[0] == words
                if held and surname and person.prominence(date) <= _WELL_KNOWN:
                    found.setdefault(person.id or fold(person.name), person)
        return next(iter(found.values())) if len(found) == 1 else None

    def lookup_misspelt(
        self, name: str, role: str, country: str | None, date: str | None
    ) -> Person | None:
        """The one holder of a role whose name is one or two letters from ``name``, or None.

        Without a date every holder that the roster knows counts.
        """
        if self.lookup_name(name) is not None:
            return None
        found: dict[str, Person] = {}
        for layer in self.layers:
            for i, term in layer.held_anywhere(office(role)):
                person = layer.person(i)
                if country and fold(term.country) != fold(country):
                    continue
                if (date is None or term.period.covers(date)) and any(
                    misspelling(name, n) for n in (person.name, *person.aliases)
                ):
                    found.setdefault(person.id or fold(person.name), person)
        return next(iter(found.values())) if len(found) == 1 else None


_FAMOUS, _WELL_KNOWN = 1, 3


@cache
def _builtin() -> Roster:
    file = resources.files("quotestance").joinpath("data/roster.tsv.gz")
    with gzip.open(io.BytesIO(file.read_bytes()), "rt", encoding="utf-8", newline="") as lines:
        return Roster((Layer([_packed_rows(line.rstrip("\n")) for line in lines]),))


def _packed_rows(line: str) -> list[Row]:
    """Rows of one person from a line that ``scripts/build_roster.py`` wrote."""
    name, wikidata, aliases, *terms = line.split("\t")
    rows: list[Row] = []
    for term in terms or ["|||||"]:
        role, country, start, end, as_of, source = term.split("|")
        rows.append((name, aliases, role, country, start, end, wikidata, source, as_of))
    return rows


def _begun(term: Term, date: str | None) -> bool:
    return date is None or term.period.first <= date


def _by_full_name(layer: Layer, name: str, date: str | None) -> list[Person]:
    """People of exactly this name; failing that, well-known ones whom it can mean.

    Who held offices, but none within reach of the date, is somebody else of that name.
    """
    words = name_words(name)
    if len(words) < 2:
        return []
    exact = [layer.person(i) for i in layer.named(words)]
    if exact:
        return [p for p in exact if not p.terms or p.prominence(date) < NO_OFFICE]
    ends = dict.fromkeys(i for key in (words[-1:], words[:1]) for i in layer.surnamed(key))
    return [
        person
        for person in (layer.person(i) for i in ends)
        if any(same_name(name, n) for n in (person.name, *person.aliases))
        and person.prominence(date) <= (_WELL_KNOWN if _same_given(person, words) else _FAMOUS)
    ]


def _same_given(person: Person, words: tuple[str, ...]) -> bool:
    """Whether a name of the person begins with the same given name, not a short form of it."""
    return any(words[0] in name_words(n) for n in (person.name, *person.aliases))


def _decide(people: Sequence[Person], country: str | None) -> Person | None:
    """The one of several people of a name that the country singles out."""
    if len(people) > 1 and country:
        people = [p for p in people if fold(country) in p.countries()] or people
    return people[0] if len(people) == 1 else None


def _holders(layer: Layer, role: str, country: str, date: str) -> list[Person]:
    held = layer.held(role, country)
    return [layer.person(i) for i, term in held if term.period.covers(date)]
