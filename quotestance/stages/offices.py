"""Offices: one key for the many wordings of an office, its rank, and when it was held."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from quotestance.stages.names import fold

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_FOREVER = ("0000-01-01", "9999-12-31")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both inclusive, as ``YYYY-MM-DD``.

    Args:
        first: First day that may belong to it.
        last: Last day that may belong to it.
    """

    first: str
    last: str

    @classmethod
    def of(cls, start: str, end: str) -> Self:
        """The widest period that two dates of any precision allow; empty is open."""
        return cls(_bounds(start)[0] if start else _FOREVER[0],
                   _bounds(end)[1] if end else _FOREVER[1])  # fmt: skip

    @staticmethod
    def valid(date: str) -> bool:
        """Whether a string is a year, month or day of the calendar."""
        try:
            _bounds(date)
        except ValueError:
            return False
        return True

    @property
    def empty(self) -> bool:
        """Whether it ends before it starts."""
        return self.last < self.first

    def covers(self, day: str) -> bool:
        """Whether the day may belong to it."""
        return self.first <= day <= self.last

    def gap(self, day: str) -> int:
        """Whole years, rounded up, from the period to a day: negative before, 0 within it."""
        if self.covers(day):
            return 0
        if day < self.first:
            return int(day[:4]) - int(self.first[:4]) - 1 + (day[5:] >= self.first[5:])
        return int(day[:4]) - int(self.last[:4]) + (day[5:] > self.last[5:])

    def starts_with(self, other: Period) -> bool:
        """Whether the two begin within the same year and at most two months apart, or a year.

        Sources differ by days on when a term began; a row that knows only the year begins on
        the first of January.
        """
        if self.first[:4] != other.first[:4]:
            return False
        if self.first.endswith("-01-01") or other.first.endswith("-01-01"):
            return True
        return abs(int(self.first[5:7]) - int(other.first[5:7])) <= 1


@lru_cache(maxsize=8192)
def _bounds(date: str) -> tuple[str, str]:
    match = _DATE.fullmatch(date)
    if match is None:
        raise ValueError(date)
    year, month, day = match.groups()
    first, last = int(month or 1), int(month or 12)
    if not 1 <= first <= 12 or int(year) < 1:
        raise ValueError(date)
    end = calendar.monthrange(int(year), last)[1]
    if day and not 1 <= int(day) <= end:
        raise ValueError(date)
    return f"{year}-{first:02}-{int(day or 1):02}", f"{year}-{last:02}-{int(day or end):02}"


_MINISTER_OF = re.compile(r"(?:federal )?minister (?:of|for) (?:the )?(?P<subject>.+)")
_SUBJECTS = (
    (r"\b(?:foreign|external) (?:affairs|relations)\b.*", "foreign"),
    (r"\bdefen[cs]e\b.*", "defence"),
    (r"\b(?:the )?interior\b.*", "interior"),
    (r"\b(?:public )?finances?\b.*", "finance"),
)
_EXACT = {
    "premier": "prime minister",
    "federal chancellor": "chancellor",
    "chairman of the council of ministers": "prime minister",
    "president of the council of ministers": "prime minister",
    "president of the government": "prime minister",
    "foreign secretary": "foreign minister",
    "foreign commonwealth and development secretary": "foreign minister",
    "secretary of defence": "defence minister",
    "defence secretary": "defence minister",
    "secretary of state for defence": "defence minister",
    "secretary of the treasury": "treasury secretary",
    "secretary of treasury": "treasury secretary",
    "finance secretary": "finance minister",
    "home secretary": "interior minister",
    "secretary of state for the home department": "interior minister",
    "attorney-general": "attorney general",
    "national security adviser": "national security advisor",
    "permanent representative to the united nations": "ambassador to the united nations",
    "un ambassador": "ambassador to the united nations",
    "united nations ambassador": "ambassador to the united nations",
    "house speaker": "speaker of the house of representatives",
    "speaker of the house": "speaker of the house of representatives",
    "cia director": "director of the central intelligence agency",
    "fbi director": "director of the federal bureau of investigation",
}
_OF_COUNTRY = re.compile(
    r" of (?:the )?(?:people's |islamic |arab |federal |democratic |socialist |bolivarian )*"
    r"(?:republic|kingdom|united states|state of|federation|union|commonwealth)\b.*"
)


@lru_cache(maxsize=8192)
def office(role: str) -> str:
    """One key for the wordings of an office: ``Minister of Foreign Affairs`` and
    ``Foreign Minister`` are ``foreign minister``. The country is no part of it.
    """  # noqa: D205
    text = " ".join(re.findall(r"[\w'\-]+", fold(role)))
    text = re.sub(r"^(?:the|united states|us|u s|acting) ", "", text)
    text = _OF_COUNTRY.sub("", text)
    text = text.replace("defense", "defence")
    match = _MINISTER_OF.match(text)
    if match is not None:
        subject = match["subject"]
        for pattern, short in _SUBJECTS:
            subject = re.sub(pattern, short, subject)
        text = f"{subject} minister"
    if text.startswith("secretary of state for foreign"):
        return "foreign minister"
    if text in _EXACT:
        return _EXACT[text]
    return re.sub(r"^secretary of (?!state\b)(?:the )?(.+)$", r"\1 secretary", text)


_RANKS = (
    (r"(?:federal )?(?:president|chancellor|prime minister|monarch|king|queen|pope|taoiseach"
     r"|supreme leader(?: of .*)?|emir|sultan|emperor|acting president"
     r"|general secretary of the chinese communist party)", 0),
    (r"vice president|secretary of state|foreign minister|.*secretary-general.*"
     r"|deputy prime minister|crown prince", 1),
    (r".* minister|.* secretary|attorney general|national security advisor|white house .*"
     r"|speaker of the house of representatives|state councilor|senator from .*|senator .*"
     r"|director of the (?:central|federal|national) .*|ambassador to the united nations"
     r"|governor of .*|majority leader.*|minority leader.*|chair of the federal reserve", 2),
    (r"first lady|representative from .*|mayor of .*|premier of .*|chief justice.*", 3),
)  # fmt: skip
_RANK_PATTERNS = tuple((re.compile(pattern), rank) for pattern, rank in _RANKS)


@lru_cache(maxsize=8192)
def office_rank(role: str) -> int:
    """How high an office is: 0 leads a country, 1 is its face abroad, 2 a minister, 4 others."""
    key = re.sub(r" of [\w' ]+$", "", office(role)) if " of " in role else office(role)
    for pattern, rank in _RANK_PATTERNS:
        if pattern.fullmatch(office(role)) or (rank < 2 and pattern.fullmatch(key)):
            return rank
    return 4
