"""Whom a pronoun may mean: the names around it and the pronouns before it, and how they stand."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence
from typing import NamedTuple

from quotestance.quotes import Span
from quotestance.stages.entity import ArticleEntity
from quotestance.stages.pronouns import Pronoun, find_pronouns
from quotestance.stages.salience import Features
from quotestance.stages.tokens import Token

_BEFORE, _AFTER, _CHAIN = 24, 4, 6  # names before and after, pronouns before
_REACH, _REACH_AFTER = 3000, 300  # code points that these are sought in
_PREPOSITIONS = frozenset("of by with to for from at on in about against between than and".split())


class Name(NamedTuple):
    """A named mention of somebody, with what salience asks of it."""

    start: int
    span: Span
    entity: ArticleEntity
    sentence: int
    first: bool
    possessor: bool
    governed: bool
    quoted: bool


class Candidates:
    """The names and pronouns of one article.

    Args:
        text: The article.
        tokens: Its words.
        entities: Its entities; those that are a person or may be one are candidates.
        sentences: Where sentences begin.
        contents: Contents of all quotes.
    """

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        entities: Sequence[ArticleEntity],
        sentences: Sequence[int],
        contents: Sequence[Span],
    ) -> None:
        self.pronouns = find_pronouns(text, tokens)
        self._sentences = sentences
        self._paragraphs = [i for i, c in enumerate(text) if c == "\n"]
        self._contents = sorted((c.start, c.end) for c in contents)
        self._names = self._read_names(
            text, tokens, [e for e in entities if e.type in ("person", "unknown")]
        )
        self._first = next((n.entity for n in self._names if n.entity.type == "person"), None)
        self._cases = {p.span.start: p.case for p in self.pronouns}

    def _read_names(
        self, text: str, tokens: Sequence[Token], entities: Sequence[ArticleEntity]
    ) -> list[Name]:
        starts = [t.start for t in tokens]
        names: list[Name] = []
        pairs = ((m.span, e) for e in entities for m in e.mentions)
        for span, entity in sorted(pairs, key=lambda pair: pair[0].start):
            i = bisect.bisect_left(starts, span.start)
            sentence = self.sentence(span.start)
            before = tokens[i - 1].key if i else ""
            names.append(
                Name(
                    span.start,
                    span,
                    entity,
                    sentence,
                    not names or names[-1].sentence != sentence,
                    text[span.end : span.end + 2] in ("'s", "’s"),
                    before in _PREPOSITIONS,
                    self._quoted(span.start),
                )
            )
        return names

    def sentence(self, position: int) -> int:
        """Number of the sentence that a position stands in."""
        return bisect.bisect_right(self._sentences, position)

    def sentence_of_clause(self, position: int) -> int:
        """The same, but for ``"A. B," he said`` the sentence that the words in marks begin."""
        here = self.sentence(position)
        i = bisect.bisect_right(self._contents, (position, math.inf)) - 1
        if i < 0:
            return here
        start, end = self._contents[i]
        return self.sentence(start) if end <= position and self.sentence(end - 1) == here else here

    def _quoted(self, position: int) -> bool:
        i = bisect.bisect_right(self._contents, (position, math.inf)) - 1
        return any(s <= position < e for s, e in self._contents[max(0, i - 2) : i + 1])

    def window(self, span: Span) -> tuple[list[Name], list[Pronoun]]:
        """Names around a pronoun and pronouns before it, each in text order."""
        high = bisect.bisect_left(self._names, span.start, key=lambda n: n.start)
        far = span.start - _REACH
        names = [n for n in self._names[max(0, high - _BEFORE) : high] if n.start > far]
        after = self._names[high : high + _AFTER]
        names += [n for n in after if span.end <= n.start < span.end + _REACH_AFTER]
        i = bisect.bisect_left(self.pronouns, span.start, key=lambda p: p.span.start)
        chain = [p for p in self.pronouns[max(0, i - _CHAIN) : i] if p.span.start > far]
        return names, chain

    def features(
        self, entity: ArticleEntity, span: Span, gender: str | None, names: Sequence[Name]
    ) -> Features:
        """What the mentions of a candidate and its gender say.

        Args:
            entity: The candidate.
            span: The pronoun.
            gender: ``m``, ``f`` or None.
            names: Those of the window around the pronoun.
        """
        case = self._cases.get(span.start, "subject")
        here = self.sentence_of_clause(span.start)
        found = Features(
            often=math.log2(1 + len(entity.mentions)),
            first=float(entity is self._first),
            unknown=float(entity.type != "person"),
        )
        if gender and entity.gender in ("m", "f"):
            found.agree = float(entity.gender == gender)
            found.clash = 1.0 - found.agree
        before = [i for i, n in enumerate(names) if n.entity is entity and n.start < span.start]
        if not before:
            named = any(n.entity is entity for n in names)
            found.after = float(named)
            found.after_possessive = float(named and case == "possessive")
            found.sentences, found.paragraphs = (0.0, 0.0) if named else (6.0, 4.0)
            return found
        near = names[before[-1]]
        gap = max(here - near.sentence, 0)
        found.same_sentence = float(gap == 0)
        found.sentences = float(min(max(gap - 1, 0), 6))
        found.paragraphs = float(self._paragraphs_between(near.start, span.start))
        count = sum(n.start < span.start for n in names)
        found.between = math.log(count - before[-1])
        found.subject = float(near.first)
        found.parallel = float(near.first and case == "subject")
        found.possessor = float(near.possessor)
        found.governed = float(near.governed)
        found.quoted = float(near.quoted and not self._quoted(span.start))
        found.object = float(case == "object" and gap == 0)
        return found

    def _paragraphs_between(self, start: int, end: int) -> int:
        i = bisect.bisect_left(self._paragraphs, start)
        return min(bisect.bisect_left(self._paragraphs, end) - i, 4)
