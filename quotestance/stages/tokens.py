"""Words of a text with offsets, where its sentences begin, and which lines are headlines."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from typing import NamedTuple

from quotestance.stages.lexicon import SENTENCE_WORDS
from quotestance.stages.names import fold

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|[^\W\d_]\.(?=[ \u00a0][^\W\d_])"
    r"|\b(?:Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Jr|Sr|St|Prof|Rev|Capt|Maj|Sgt|Adm|Hon)\."
    r"|[^\W_]+(?:['’&\-‐‑.][^\W_]+)*"
)
_SENTENCE_END = re.compile(r"[.!?…][\"”’'»)\]]*(?=\s)|\n+")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_LONGEST_NAME = 40
_SMALL = frozenset("he she they said would will was were had has".split())  # never in a title
_PREFIXED = re.compile(r"(?:al|el|ul|ad|an|ar|as|ash|at|az|d|l)[-‐‑'’][A-Z]")  # ``al-Tamri``


class Token(NamedTuple):
    """One word of the text.

    ``key`` is folded, without the possessive and dots; ``end`` leaves the possessive out.
    """

    start: int
    end: int
    text: str
    key: str
    capital: bool
    possessive: bool


def tokenize(text: str) -> list[Token]:
    """Words of the text with their offsets, in order."""
    tokens = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match.group()
        possessive = bool(_POSSESSIVE.search(word))
        if possessive:
            word, end = word[:-2], end - 2
        elif word[-1] in "sSxXzZ" and text[end : end + 1] in ("’", "'") and word[0].isupper():
            after = text[end + 1 : end + 3]
            possessive = after[:1].isspace() and after[1:].isalnum()
        key = fold(word).replace(".", "") if len(word) <= _LONGEST_NAME else ""
        capital = word[0].isupper() or (not word.islower() and _PREFIXED.match(word) is not None)
        tokens.append(Token(start, end, word, key, capital, possessive))
    return tokens


def sentence_starts(text: str) -> list[int]:
    """Where sentences begin, roughly: good enough to measure distance by."""
    return [0] + [match.end() for match in _SENTENCE_END.finditer(text)]


def headline_words(text: str, tokens: Sequence[Token]) -> list[bool]:
    """For each word, whether its line is in title case or in capitals.

    A line with a verb or pronoun in small letters is a sentence, however many names it has.
    """
    ends = [m.start() for m in re.finditer(r"\n", text)] + [len(text)]
    lines: dict[int, list[int]] = {}
    for i, token in enumerate(tokens):
        lines.setdefault(bisect.bisect_left(ends, token.end), []).append(i)
    flags = [False] * len(tokens)
    for members in lines.values():
        words = [i for i in members if len(tokens[i].text) > 2 and tokens[i].text[0].isalpha()]
        sentence = any(tokens[i].text in _SMALL for i in members)
        words = [i for i in words if tokens[i].key not in SENTENCE_WORDS]
        if (
            not sentence
            and len(words) >= 4
            and sum(tokens[i].capital for i in words) >= 0.9 * len(words)
        ):
            for i in members:
                flags[i] = True
    return flags
