"""Somebody of the roster, and the terms of office that its rows tell of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quotestance.stages.names import fold
from quotestance.stages.offices import Period, office_rank
from quotestance.stages.roster_files import Row

#: The prominence of somebody without an office.
NO_OFFICE = 9


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
        ranks = [NO_OFFICE]
        for term in self.terms:
            rank = office_rank(term.role)
            gap = 1 if date is None else term.period.gap(date)
            if gap == 0:
                ranks.append(rank)
            elif -2 <= gap <= 20:
                ranks.append(rank + 1 + (gap > 8))
        return min(ranks)


def person_of(rows: Sequence[Row]) -> Person:
    """The person of some rows of a roster; other spellings than that of the first are aliases."""
    name = rows[0][0]
    names = [n for n in names_of(rows) if n != name]
    terms = [
        Term(role, country, start, end, as_of, source)
        for _, _, role, country, start, end, _, source, as_of in rows
        if role
    ]
    return Person(name, rows[0][6] or None, tuple(names), tuple(terms))


def names_of(rows: Sequence[Row]) -> Mapping[str, None]:
    """Every name of the person of some rows, once."""
    names = {rows[0][0]: None}
    for row in rows:
        names |= {alias.strip(): None for alias in row[1].split("|") if alias.strip()}
        names[row[0]] = None
    return names


def superseded(term: Term, terms: Sequence[Term]) -> bool:
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
