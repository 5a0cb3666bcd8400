"""Names of documents that speak: ``a new Coastwire poll``, ``the report``.

A poll, report or letter is named by whose it is and what it is, ``Coastwire poll``, whether the
owner stands before the noun or after it (``a poll by Coastwire``). ``The poll`` later in the
article is the one named last of its sort.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from quotestance.quotes import Span
from quotestance.stages.lexicon import CALENDAR, SENTENCE_WORDS, TITLES
from quotestance.stages.tokens import Token

_SORTS = tuple(
    frozenset(words.split())
    for words in (
        "poll polls polling survey surveys",
        "report reports",
        "study studies",
        "research",
    )
)
_NAMED = frozenset("records playbook manifesto audit letter memo".split())
_BETWEEN = frozenset(
    "own new latest recent exit tracking national annual audit press public".split()
)
_OWNER_AFTER = re.compile(
    r"(?:(?:[ \u00a0][\w'’,-]+){0,9}?[ \u00a0](?:by|from)|(?: published)? in)[ \u00a0]"
    r"(?:the[ \u00a0])?"
    r"(?P<owner>[A-Z](?:(?!['’]s\b)[\w&.’'-])*"
    r"(?:[ \u00a0/](?:of|for|the|and|on)?[ \u00a0]?[A-Z](?:(?!['’]s\b)[\w&.’'-])*){0,7}"
    r"(?:['’]s(?: inspector general|(?: [a-z]+)? (?:office|department|agency))?)?)"
)
_POSSESSIVE = re.compile(r"['’]s?(?=\s|$)")
_PLURAL = {"polling": "poll", "polls": "poll", "surveys": "survey"}


class NamedDocument(NamedTuple):
    """A document that the article names.

    Args:
        position: Where its noun stands.
        word: The noun, folded.
        name: ``Coastwire poll``.
    """

    position: int
    word: str
    name: str


class Documents:
    """The documents that one article names.

    Args:
        text: The article.
        tokens: Its words.
    """

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self._starts = [t.start for t in tokens]
        self._named: list[NamedDocument] | None = None

    def named(self, noun: Span) -> str | None:
        """The name of a document whose words end with a noun, or None where nothing owns it.

        Args:
            noun: The phrase up to its head noun.
        """
        last = bisect.bisect_left(self._starts, noun.end) - 1
        first = bisect.bisect_left(self._starts, noun.start)
        return self._owned(first, last) if last >= first else None

    def last_of_sort(self, word: str, position: int) -> NamedDocument | None:
        """The document of the sort of a noun that is named last before a position.

        Failing that the only one that the article names at all.
        """
        fitting = [d for d in self._all() if _same_sort(d.word, word)]
        before = [d for d in fitting if d.position < position]
        if before:
            return before[-1]
        return fitting[0] if len({d.name for d in fitting}) == 1 else None

    def _all(self) -> list[NamedDocument]:
        if self._named is None:
            self._named = list(self._find())
        return self._named

    def _find(self) -> Iterator[NamedDocument]:
        for i, token in enumerate(self.tokens):
            if any(token.key in sort for sort in _SORTS):
                name = self._owned(max(0, i - 10), i)
                if name is not None:
                    yield NamedDocument(token.start, token.key, name)

    def _owned(self, low: int, last: int) -> str | None:
        """Name by the owner before or after the noun at word ``last``."""
        noun = self.tokens[last]
        sorted_noun = any(noun.key in sort for sort in _SORTS)
        if not sorted_noun and noun.key not in _NAMED:
            return None
        word = _PLURAL.get(noun.key, noun.text)
        words, i, possessive = [word], last - 1, False
        while i >= low and self.tokens[i].key in _BETWEEN and self._close(i):
            if self.tokens[i].key in ("exit", "tracking", "audit", "press"):
                words.insert(0, self.tokens[i].text)
            i -= 1
        owner: list[str] = []
        while i >= low and self._close(i) and self._in_owner(i):
            possessive = possessive or self.tokens[i].possessive
            gap = self.text[self.tokens[i].end : self.tokens[i + 1].start] if owner else " "
            owner.insert(0, self.tokens[i].text + ("/" if "/" in gap else ""))
            i -= 1
        first = i + 1
        while owner and _stray(owner[0], self._begins_sentence(first)):
            owner.pop(0)
            first += 1
        bare = len(owner) == 1 and not possessive and self._begins_sentence(first)
        if owner and not bare and any(c.isupper() for c in owner[0]):
            return " ".join([*owner, *words]).replace("/ ", "/")
        if not sorted_noun:
            return None
        match = _OWNER_AFTER.match(self.text, noun.end, noun.end + 160)
        if match is not None and not any(c in '.;:!?\n“”"' for c in match[0].replace("U.S.", "")):
            after = _POSSESSIVE.sub("", match["owner"])
            return f"{after} {' '.join(words).casefold()}"
        return None

    def _begins_sentence(self, i: int) -> bool:
        start = self.tokens[i].start
        before = self.text[max(0, start - 3) : start].rstrip(" \u00a0\"“‘'(")
        return not before or before[-1] in ".!?:\n"

    def _in_owner(self, i: int) -> bool:
        token = self.tokens[i]
        return token.capital or token.key in ("inspector", "general", "of", "the")

    def _close(self, i: int) -> bool:
        """Whether only a space or a slash stands between a word and the next."""
        between = self.text[self.tokens[i].end : self.tokens[i + 1].start]
        return between in (" ", "\u00a0", "/", "'s ", "’s ", "' ", "’ ", "’s\u00a0")


def _stray(word: str, begins_sentence: bool) -> bool:
    """Whether a word before the owner is none of its name."""
    key = word.casefold().rstrip("/")
    stray = key in ("the", "a", "an", "another", "this", "that", "one")
    stray = stray or (begins_sentence and key in SENTENCE_WORDS and key != "new")
    return stray or key in CALENDAR or word[:1].islower() or key in TITLES


def _same_sort(a: str, b: str) -> bool:
    return any(a in sort and b in sort for sort in _SORTS)
