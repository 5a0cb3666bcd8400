"""Ministries that an article names by their country: ``Osmere's defence ministry``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from quotestance.stages.gazetteer import MINISTRY_KINDS, Gazetteer, Known

_NAMED = re.compile(
    r"\b(?P<whose>[A-Z][\w-]{2,30})(?P<possessive>['’]s?)? (?P<kind>[A-Za-z]{3,20}) [Mm]inistry\b"
)
_OF = re.compile(r"\b(?P<kind>[A-Za-z]{3,20}) [Mm]inistry (?:of|in) (?P<whose>[A-Z][\w-]{2,30})")


class Ministry(NamedTuple):
    """One ministry named by its country."""

    start: int
    end: int
    kind: str
    country: str


def ministries(text: str, tables: Gazetteer) -> list[Ministry]:
    """Ministries of a text whose country is named beside them, in text order.

    Args:
        text: The article.
        tables: Known countries; any name with a possessive, or after ``of``, is one too.
    """
    found = []
    for match in (*_NAMED.finditer(text), *_OF.finditer(text)):
        known = tables.country(match["whose"])
        sure = match.re is _OF or match["possessive"]
        country = known.country if known is not None else match["whose"] if sure else ""
        kind = match["kind"].casefold()
        if country and kind in MINISTRY_KINDS:
            found.append(Ministry(match.start(), match.end(), kind, country))
    return sorted(found)


def just_named(
    found: Sequence[Ministry], position: int, since: int, tables: Gazetteer
) -> Known | None:
    """The ministry that ``the ministry`` takes up: the one of the last sentences, else the only.

    Args:
        found: Ministries of the article.
        position: Where ``the ministry`` stands.
        since: Where the last sentences begin.
        tables: Names of ministries.
    """
    before = [m for m in found if m.end <= position]
    near = [m for m in before if m.start >= since]
    named = {(m.kind, m.country) for m in near or before}
    return tables.ministry(*named.pop()) if len(named) == 1 else None
