"""The record of one mention: words of the text that refer to somebody or something."""

from __future__ import annotations

from dataclasses import dataclass

from quotestance.quotes import Span
from quotestance.stages.gazetteer import Known


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of the text that refer to a person, an organization or a place.

    Args:
        span: The words, without title and possessive.
        type: ``person``, ``organization``, ``country``, ``group`` or ``unknown``.
        form: ``name``, ``pronoun`` or ``nominal``.
        gender: ``m``, ``f``, ``n`` (neither) or None where the words do not tell.
        title: Title or honorific before a name, as it stands in the text.
        country: Country that the words before the title name.
        known: Entry of the tables, for organizations and places.
        headline: Whether it stands in a headline, where capitals say nothing.
    """

    span: Span
    type: str
    form: str
    gender: str | None = None
    title: str | None = None
    country: str | None = None
    known: Known | None = None
    headline: bool = False
