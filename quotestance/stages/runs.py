"""Runs of capitalized words: where one ends, and which names of the tables stand in it."""

from __future__ import annotations

from collections.abc import Sequence

from quotestance.quotes import Span
from quotestance.stages.gazetteer import Gazetteer, Known
from quotestance.stages.lexicon import (
    CALENDAR,
    FIRST_NAMES,
    HONORIFICS,
    LOWER_PARTICLES,
    NAME_SUFFIXES,
    ORG_HEADS,
    ORG_NOUNS,
    PERSON_NOUNS,
    PRONOUNS,
)
from quotestance.stages.tokens import Token

_LINKS = frozenset({"of", "for", "the", "on"})
MEMBERS = frozenset(
    """citizens americans students women veterans mothers friends families parents workers voters
teachers doctors lawyers youth""".split()
)
#: Months that are surnames too, and what stands before the month.
_SURNAMES = frozenset({"may"})
_BEFORE_MONTH = frozenset(
    """in of on by since until till from to through before after during between and or early
late mid last next this each every previous following""".split()
)
_MANY = ("ers", "ors", "ists", "ants", "ents")


class Runs:
    """The words of one text.

    Args:
        text: The text.
        tokens: Its words.
        headline: For each word, whether it stands in a headline.
        tables: Organizations and places.
    """

    def __init__(
        self, text: str, tokens: Sequence[Token], headline: Sequence[bool], tables: Gazetteer
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.headline = headline
        self.tables = tables
        self.lowercase = {t.key for t in tokens if t.key and not t.capital}
        self._surnames = frozenset(
            tokens[i].key for i in range(1, len(tokens)) if self._after_given_name(i)
        )

    def _adjacent(self, i: int) -> bool:
        """Whether only a space stands between word i and the next."""
        between = self.text[self.tokens[i].end : self.tokens[i + 1].start]
        if between == " & ":
            return self.tokens[i + 1].capital
        return between in (" ", "\u00a0", "  ") or (between == ", " and self._is_suffix(i + 1))

    def _is_suffix(self, i: int) -> bool:
        return self.tokens[i].key in NAME_SUFFIXES

    def _after_given_name(self, i: int) -> bool:
        """``Theresa May said``, ``Mrs May``: a month that is somebody's surname here."""
        token = self.tokens[i]
        if token.key not in _SURNAMES or not token.capital or self.headline[i]:
            return False
        before = self.tokens[i - 1].key
        named = before in FIRST_NAMES or before in HONORIFICS
        return named and self._adjacent(i - 1) and not self._goes_on_in_capitals(i)

    def _goes_on_in_capitals(self, i: int) -> bool:
        """``Theresa May Quits``, ``May 3``: what follows speaks against a surname."""
        end = self.tokens[i].end
        following = self.text[end : end + 2].strip()[:1]
        return following.isdigit() or following.isupper()

    def _in_calendar(self, i: int) -> bool:
        """Whether a word is a month, a day or a holiday, and nobody's surname."""
        token = self.tokens[i]
        if token.key not in CALENDAR:
            return False
        if token.key not in self._surnames or not token.capital or self.headline[i]:
            return True
        if self._after_given_name(i):
            return False
        before = self.tokens[i - 1].key if i else ""
        after = self.tokens[i + 1].key if i + 1 < len(self.tokens) else ""
        return before in _BEFORE_MONTH or after in PRONOUNS or self._goes_on_in_capitals(i)

    def _run_end(self, start: int) -> int:
        """One past the last word of the run of capitalized words from ``start``."""
        tokens, i = self.tokens, start
        while i + 1 < len(tokens):
            if tokens[i].possessive and self._members_of(i):
                i += 1
                continue
            if tokens[i].possessive or not self._adjacent(i):
                break
            following = tokens[i + 1]
            if following.capital:
                i += 1
                continue
            step = i + 2 if i == start and self._two_fields(i) else self._linked(i, start)
            if step is None:
                break
            i = step
        end = i + 1
        for k in range(start, end):
            found = self._table_at(k, len(tokens))
            if found is not None and found[0] > end:
                return found[0]
        return end

    def _two_fields(self, i: int) -> bool:
        """``the Health and Safety Board``: one organization, whose first word alone is none."""
        tokens = self.tokens
        if not 0 < i < len(tokens) - 3 or tokens[i - 1].key != "the" or tokens[i + 1].key != "and":
            return False
        end = i + 2
        while end < len(tokens) and tokens[end].capital and self._adjacent(end - 1):
            end += 1
        return (
            end - i > 3
            and tokens[end - 1].key in ORG_HEADS
            and tokens[i].key not in ORG_HEADS | ORG_NOUNS
            and self._table_at(i, end) is None
            and self._table_at(i + 2, end) is None
        )

    def _members_of(self, i: int) -> bool:
        """``Farmers' Party``: the possessive of many, before the head of an organization."""
        token, following = self.tokens[i], self.tokens[i + 1]
        many = token.key.removesuffix("s") in PERSON_NOUNS or token.key.endswith(_MANY)
        gap = self.text[token.end : following.start]
        return many and gap in ("' ", "’ ") and following.capital and following.key in ORG_HEADS

    def _linked(self, i: int, start: int) -> int | None:
        """The next capitalized word after particles or, in organizations, ``of the``."""
        tokens, j = self.tokens, i + 1
        particle = tokens[j].key in LOWER_PARTICLES
        head = (
            any(t.key in ORG_HEADS for t in tokens[start : i + 1])
            or (tokens[i].key in MEMBERS and tokens[j].key == "for")
            or (
                tokens[i].key
                in ("secretary", "director", "speaker", "minister", "chief", "governor")
            )
        )
        if not particle and not (head and tokens[j].key in _LINKS):
            return None
        while j < min(len(tokens) - 1, i + 4) and self._adjacent(j):
            j += 1
            if tokens[j].capital:
                return None if self._in_calendar(j) else j
            if tokens[j].key not in (LOWER_PARTICLES if particle else _LINKS):
                return None
        return None

    def _key(self, i: int, j: int) -> tuple[str, ...]:
        return tuple(token.key for token in self.tokens[i:j])

    def _span(self, i: int, j: int) -> Span:
        return Span(self.tokens[i].start, self.tokens[j - 1].end).of(self.text)

    def _begins_sentence(self, i: int) -> bool:
        """Whether a word may be capitalized only by its place; not after ``Mr.`` or ``T.``."""
        start = self.tokens[i].start
        if i and self._is_abbreviation(i - 1) and self.text[self.tokens[i - 1].end : start] == " ":
            return False
        before = self.text[max(0, start - 3) : start].rstrip(" \u00a0\"“‘'(")
        return not before or before[-1] in ".!?:\n—"

    def _is_abbreviation(self, i: int) -> bool:
        token = self.tokens[i]
        short = token.key in HONORIFICS or (len(token.key) == 1 and token.capital)
        return short and token.text.endswith(".")

    def _table_at(self, i: int, j: int) -> tuple[int, Known] | None:
        """End and entry of the longest name of the tables that begins at word ``i``."""
        longest = self.tables.longest.get(self.tokens[i].key, 0)
        high = i + 1
        while high < min(j, i + longest) and self._adjacent(high - 1):
            high += 1
        for end in range(high, i, -1):
            for known in self.tables.entries.get(self._key(i, end), ()):
                if self._written_alike(i, end, known.written):
                    return end, known
        return None

    def _written_alike(self, i: int, end: int, written: str) -> bool:
        """Abbreviations must be in capitals in the text, words at least begin with one."""
        if written.isupper() and len(written.replace(".", "")) <= 6:
            return self.text[self.tokens[i].start : self.tokens[end - 1].end].isupper()
        return self.tokens[i].capital
