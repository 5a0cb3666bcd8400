"""The rows of one roster, found by name and by office without reading all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Self

from quotestance.stages.names import fold, name_words, surnames
from quotestance.stages.offices import office
from quotestance.stages.roster_files import Row
from quotestance.stages.roster_people import Person, Term, names_of, person_of, superseded

_PIECE = re.compile(r"[^\W_]+")


class Layer:
    """People of one file: their rows, read only where somebody is asked for.

    Args:
        rows: Rows of each person, in the order of ``roster_files.COLUMNS``.
    """

    def __init__(self, rows: Sequence[Sequence[Row]]) -> None:
        self.rows = rows
        self._people: dict[int, Person] = {}
        self._named: dict[tuple[str, ...], list[int]] = {}
        self._surnamed: dict[tuple[str, ...], list[int]] = {}
        self._held: dict[tuple[str, str], list[tuple[int, Term]]] = {}

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        """Rows joined to people: by identifier, else by folded name."""
        people: dict[str, list[Row]] = {}
        for row in rows:
            people.setdefault(row[6] or "name:" + fold(row[0]), []).append(row)
        return cls(list(people.values()))

    def person(self, i: int) -> Person:
        """The person of some rows."""
        if i not in self._people:
            self._people[i] = person_of(self.rows[i])
        return self._people[i]

    def named(self, words: tuple[str, ...]) -> Sequence[int]:
        """Who has a name of exactly these folded words."""
        if words not in self._named:
            self._named[words] = self._with_name(words, lambda name: (name_words(name),))
        return self._named[words]

    def surnamed(self, words: tuple[str, ...]) -> Sequence[int]:
        """Who has a name for which these folded words can stand."""
        if words not in self._surnamed:
            self._surnamed[words] = self._with_name(words, surnames)
        return self._surnamed[words]

    def _with_name(
        self, words: tuple[str, ...], keys: Callable[[str], Sequence[tuple[str, ...]]]
    ) -> list[int]:
        pieces = [piece for word in words for piece in _PIECE.findall(word)]
        few = min((self._pieces.get(piece, ()) for piece in pieces), key=len, default=())
        return [i for i in few if any(words in keys(name) for name in names_of(self.rows[i]))]

    @cached_property
    def _pieces(self) -> Mapping[str, list[int]]:
        """Who has a name with a piece of a word in it: so few names need to be read in full."""
        index: dict[str, list[int]] = {}
        for i, rows in enumerate(self.rows):
            names = {name for row in rows for name in row[:2]}
            pieces = {piece for name in names for piece in _PIECE.findall(name)}
            for key in {fold(piece) for piece in pieces}:
                index.setdefault(key, []).append(i)
        return index

    def held(self, role: str, country: str) -> Sequence[tuple[int, Term]]:
        """Who held an office of a country when, by the keys of both."""
        key = role, country
        if key not in self._held:
            self._held[key] = [
                (i, term)
                for i in dict.fromkeys(self._offices.get(role, {}).get(country, ()))
                for term in self._terms(i, key)
            ]
        return self._held[key]

    def held_anywhere(self, role: str) -> Iterator[tuple[int, Term]]:
        """Who held an office of any country when."""
        for country in self._offices.get(role, {}):
            yield from self.held(role, country)

    def _terms(self, i: int, key: tuple[str, str]) -> list[Term]:
        terms = [t for t in self.person(i).terms if (office(t.role), fold(t.country)) == key]
        return [t for t in terms if not superseded(t, terms)]

    @cached_property
    def _offices(self) -> Mapping[str, Mapping[str, list[int]]]:
        """Who held an office, by the keys of the office and of the country."""
        as_written: dict[tuple[str, str], list[int]] = {}
        for i, rows in enumerate(self.rows):
            for _, _, role, country, *_ in rows:
                if role:
                    as_written.setdefault((role, country), []).append(i)
        index: dict[str, dict[str, list[int]]] = {}
        for (role, country), people in as_written.items():
            index.setdefault(office(role), {}).setdefault(fold(country), []).extend(people)
        return index
