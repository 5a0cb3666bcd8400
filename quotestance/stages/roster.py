"""The roster: who held which office when, under which names and identifiers.

A roster is layers of rows; the first layer that knows a name or an office decides, so a
user's rows win over the built-in ones. Indexes are made when first asked for: reading
100,000 rows costs well under two seconds, and a roster that nobody asks costs nothing more.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Self

from quotestance.stages.names import fold, misspelling, name_words, same_name, surnames
from quotestance.stages.offices import Period, office, office_rank
from quotestance.stages.roster_files import read_rows


@dataclass(frozen=True, slots=True)
class Term:
    """One term of office.

    Args:
        role: The office as the source words it, such as ``Minister of Foreign Affairs``.
        country: Country of the office; empty where none.
        start: First day as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; empty where unknown.
        end: Last day likewise; empty where the term was running at ``as_of``.
        as_of: When the row was true; an empty ``end`` counts only up to then.
        source: Where the row comes from.
    """

    role: str
    country: str
    start: str = ""
    end: str = ""
    as_of: str = ""
    source: str = ""

    @property
    def period(self) -> Period:
        """The days that the term covers."""
        return Period.of(self.start, self.end or self.as_of)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the roster.

    Args:
        name: Canonical name.
        id: Wikidata id, or None.
        aliases: Other names.
        terms: Terms of office, in the order of the file.
    """

    name: str
    id: str | None = None
    aliases: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()

    def role_at(self, date: str | None) -> str | None:
        """The highest office held at a day (``YYYY-MM-DD``); None without a date."""
        held = [t for t in self.terms if date and t.role and t.period.covers(date)]
        return min(held, key=lambda t: office_rank(t.role)).role if held else None

    def countries(self) -> frozenset[str]:
        """Folded names of the countries of all terms."""
        return frozenset(fold(t.country) for t in self.terms if t.country)

    def prominence(self, date: str | None) -> int:
        """How widely known the person is at a day: 0 leads a country, 9 holds no office.

        Being in office counts first, then up to two years before it (a candidate) and eight
        after it, then up to twenty after. Without a date the highest office ever held counts,
        one step down.
        """
        ranks = [_NO_OFFICE]
        for term in self.terms:
            rank = office_rank(term.role)
            gap = 1 if date is None else term.period.gap(date)
            if gap == 0:
                ranks.append(rank)
            elif -2 <= gap <= 20:
                ranks.append(rank + 1 + (gap > 8))
        return min(ranks)


@dataclass(frozen=True)
class _Layer:
    """People of one file, with indexes made when first used."""

    people: tuple[Person, ...]

    @cached_property
    def by_name(self) -> Mapping[tuple[str, ...], list[int]]:
        index: dict[tuple[str, ...], list[int]] = {}
        for i, person in enumerate(self.people):
            for name in {name_words(n) for n in (person.name, *person.aliases)}:
                index.setdefault(name, []).append(i)
        return index

    @cached_property
    def by_surname(self) -> Mapping[tuple[str, ...], list[int]]:
        index: dict[tuple[str, ...], list[int]] = {}
        for i, person in enumerate(self.people):
            keys = {s for n in (person.name, *person.aliases) for s in surnames(n)}
            for key in keys:
                index.setdefault(key, []).append(i)
        return index

    @cached_property
    def by_role(self) -> Mapping[str, list[tuple[int, Term]]]:
        index: dict[str, list[tuple[int, Term]]] = {}
        for (role, _), rows in self.by_office.items():
            index.setdefault(role, []).extend(rows)
        return index

    @cached_property
    def by_office(self) -> Mapping[tuple[str, str], list[tuple[int, Term]]]:
        index: dict[tuple[str, str], list[tuple[int, Term]]] = {}
        for i, person in enumerate(self.people):
            own: dict[tuple[str, str], list[Term]] = {}
            for term in person.terms:
                if term.role:
                    own.setdefault((office(term.role), fold(term.country)), []).append(term)
            for key, terms in own.items():
                kept = [t for t in terms if not _superseded(t, terms)]
                index.setdefault(key, []).extend((i, t) for t in kept)
        return index


@dataclass(frozen=True)
class Roster:
    """Known people and their offices, for naming speakers and targets.

    Args:
        layers: Groups of people; the first that knows a name or an office decides.
    """

    layers: tuple[_Layer, ...] = field(default=(), repr=False)

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
        return cls((_Layer(_people(rows)),))

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a roster of your own.

        Args:
            path: ``.csv`` with a header, ``.json`` (a list of objects) or ``.jsonl``; columns
                as in ``roster_files.COLUMNS``, ``aliases`` split by ``|`` or, in JSON, a list.

        Raises:
            InputError: A row cannot be used; names file, line and field.
        """
        return cls.of(read_rows(path))

    def over(self, other: Roster) -> Roster:
        """This roster before another: what this one knows wins.

        ``qs.Roster.read("mine.csv").over(qs.Roster.builtin())``.
        """
        return Roster(self.layers + other.layers)

    def __len__(self) -> int:
        return sum(len(layer.people) for layer in self.layers)

    def __iter__(self) -> Iterator[Person]:
        for layer in self.layers:
            yield from layer.people

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
            for i in layer.by_surname.get(words, ()):
                person = layer.people[i]
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
            for i in layer.by_surname.get(words, ()):
                person = layer.people[i]
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
            for i, term in layer.by_role.get(office(role), ()):
                person = layer.people[i]
                if country and fold(term.country) != fold(country):
                    continue
                if (date is None or term.period.covers(date)) and any(
                    misspelling(name, n) for n in (person.name, *person.aliases)
                ):
                    found.setdefault(person.id or fold(person.name), person)
        return next(iter(found.values())) if len(found) == 1 else None


_FAMOUS, _WELL_KNOWN = 1, 3
_NO_OFFICE = 9


@cache
def _builtin() -> Roster:
    file = resources.files("quotestance").joinpath("data/roster.tsv.gz")
    with gzip.open(io.BytesIO(file.read_bytes()), "rt", encoding="utf-8", newline="") as lines:
        people = []
        for line in lines:
            name, wikidata, aliases, *terms = line.rstrip("\n").split("\t")
            people.append(
                Person(
                    name,
                    wikidata or None,
                    tuple(aliases.split("|")) if aliases else (),
                    tuple(Term(*term.split("|")) for term in terms),
                )
            )
    return Roster((_Layer(tuple(people)),))


def _begun(term: Term, date: str | None) -> bool:
    return date is None or term.period.first <= date


def _people(rows: Iterable[Mapping[str, str]]) -> tuple[Person, ...]:
    """Rows joined to people: by identifier, else by folded name."""
    names: dict[str, str] = {}
    ids: dict[str, str | None] = {}
    aliases: dict[str, dict[str, None]] = {}
    terms: dict[str, list[Term]] = {}
    for row in rows:
        wikidata = row.get("wikidata") or None
        key = wikidata or "name:" + fold(row["name"])
        names.setdefault(key, row["name"])
        ids.setdefault(key, wikidata)
        known = aliases.setdefault(key, {})
        for alias in (row.get("aliases") or "").split("|"):
            if alias.strip():
                known[alias.strip()] = None
        if row["name"] != names[key]:
            known[row["name"]] = None
        if row.get("role"):
            terms.setdefault(key, []).append(
                Term(
                    row["role"],
                    row.get("country") or "",
                    row.get("start") or "",
                    row.get("end") or "",
                    row.get("as_of") or "",
                    row.get("source") or "",
                )
            )
    return tuple(
        Person(names[k], ids[k], tuple(aliases[k]), tuple(terms.get(k, ()))) for k in names
    )


def _by_full_name(layer: _Layer, name: str, date: str | None) -> list[Person]:
    """People of exactly this name; failing that, well-known ones whom it can mean.

    Who held no office within reach of the date is somebody else of that name.
    """
    words = name_words(name)
    if len(words) < 2:
        return []
    exact = [layer.people[i] for i in layer.by_name.get(words, ())]
    if exact:
        return [p for p in exact if p.prominence(date) < _NO_OFFICE]
    ends = dict.fromkeys(
        i for key in (words[-1:], words[:1]) for i in layer.by_surname.get(key, ())
    )
    return [
        person
        for person in (layer.people[i] for i in ends)
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


def _holders(layer: _Layer, role: str, country: str, date: str) -> list[Person]:
    rows = layer.by_office.get((role, country), [])
    return [layer.people[i] for i, term in rows if term.period.covers(date)]


def _superseded(term: Term, terms: Sequence[Term]) -> bool:
    """Whether another row tells the same term of the same person more exactly."""
    period = term.period

    def exactness(t: Term) -> tuple[bool, int, str]:
        return bool(t.end), len(t.start) + len(t.end), t.as_of

    return any(
        other is not term
        and period.starts_with(other.period)
        and exactness(other) > exactness(term)
        for other in terms
    )
