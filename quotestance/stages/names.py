"""When two names can be the same person: surnames, initials, nicknames, particles, name order.

The rules are plain string rules over folded words. They say whether a shorter name *can* be
a way of writing a longer one; whether it *is* one is decided by the article (``entities.py``),
which keeps two people of one surname apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from quotestance.stages.lexicon import (
    HONORIFICS,
    NAME_SUFFIXES,
    NICKNAMES,
    PARTICLES,
    SURNAME_FIRST,
)

_WORD = re.compile(r"[^\W_]+(?:['’ʼ\-‐‑.][^\W_]+)*\.?")
_POSSESSIVE = re.compile(r"(?:['’ʼ]s|(?<=[sSzZxX])['’ʼ])$")
_DASHES = str.maketrans("‐‑’ʼ", "--''")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A key for comparing: case, accents and kinds of dash and apostrophe do not count."""
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_DASHES).translate(_LETTERS)
    return "".join(c for c in text if not unicodedata.combining(c))


def strip_possessive(text: str) -> str:
    """``Biden's`` and ``Sanders’`` without the mark of the possessive."""
    return _POSSESSIVE.sub("", text)


@lru_cache(maxsize=8192)
def name_words(name: str) -> tuple[str, ...]:
    """Folded words of a personal name, without honorific and suffix (``Jr.``).

    Source: the parts follow Christen, "Data Matching" (2012), chapter 3.
    """
    words = [fold(w).rstrip(".") for w in _WORD.findall(strip_possessive(name.strip()))]
    words = [w for w in words if w]
    while len(words) > 1 and words[0] in HONORIFICS:
        words.pop(0)
    while len(words) > 1 and words[-1] in NAME_SUFFIXES:
        words.pop()
    return tuple(words)


def name_suffix(name: str) -> str | None:
    """``jr``, ``sr``, ``iii``, where the name ends in one."""
    words = [fold(w).rstrip(".") for w in _WORD.findall(name)]
    return words[-1] if len(words) > 1 and words[-1] in NAME_SUFFIXES else None


@lru_cache(maxsize=8192)
def surnames(name: str) -> tuple[tuple[str, ...], ...]:
    """Every run of words that can stand for the surname of a full name, likeliest first.

    ``Joe Biden`` has ``biden``; ``Wang Yi`` has ``wang`` and, as in a Western name, ``yi``;
    ``Ursula von der Leyen`` has ``von der leyen`` and ``leyen``; ``Ileana Ros-Lehtinen``
    the whole hyphened word and each half; ``Melba Acosta Febo`` also ``acosta febo`` and
    ``acosta``. Where the last word is a letter (``Serie A``), the whole name stands for it.
    """
    words = name_words(name)
    if len(words) < 2:
        return (words,) if words else ()
    found: list[tuple[str, ...]] = []
    start = len(words) - 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    if start < len(words) - 1:
        found.append(words[start:])
    found.append(words[-1:])
    found += [(part,) for part in words[-1].split("-") if "-" in words[-1] and len(part) > 2]
    korean = len(words) == 2 and "-" in words[1] and len(words[0]) <= 5
    if (words[0] in SURNAME_FIRST and len(words) <= 3) or korean:
        found.insert(0, words[:1])
    if len(words) >= 3 and words[-2] not in PARTICLES:
        found += [words[-2:], words[-2:-1]]
    kept = (f for i, f in enumerate(found) if f not in found[:i] and len("".join(f)) > 1)
    return tuple(kept) or (words,)


def _given_names_agree(a: str, b: str) -> bool:
    if a == b or a.replace("-", "") == b.replace("-", ""):
        return True
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    if _is_initials(a) or _is_initials(b):
        return a[0] == b[0]
    return bool(NICKNAMES.get(a, frozenset({a})) & NICKNAMES.get(b, frozenset({b})))


def _is_initials(word: str) -> bool:
    """``j.d`` of ``J.D.``."""
    return "." in word and all(len(part) == 1 for part in word.split("."))


def _middles_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether the shorter list of middle names is, in order, part of the longer one."""
    short, long = sorted((a, b), key=len)
    rest = iter(long)
    return all(any(_given_names_agree(word, other) for other in rest) for word in short)


@lru_cache(maxsize=8192)
def same_name(a: str, b: str) -> bool:
    """Whether two names of two words or more can be the same person's.

    Equal surnames, given names that agree (equal, initial, nickname), middle names that do
    not contradict. Chinese, Korean, Vietnamese and Hungarian names may stand in either order.

    Args:
        a: One name.
        b: The other; the order does not matter.
    """
    one, other = name_words(a), name_words(b)
    if len(one) < 2 or len(other) < 2:
        return False
    suffixes = {name_suffix(a), name_suffix(b)}
    if len(suffixes) > 1 and None not in suffixes:
        return False
    if one == other or "".join(one).replace("-", "") == "".join(other).replace("-", ""):
        return True
    if len(one) == len(other) and sorted(one) == sorted(other):
        return one[0] in SURNAME_FIRST or other[0] in SURNAME_FIRST or one == other[1:] + other[:1]
    if one[-1] != other[-1]:
        return _spanish_agree(one, other)
    return _given_names_agree(one[0], other[0]) and _middles_agree(one[1:-1], other[1:-1])


def _spanish_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """``Pedro Sánchez`` and ``Pedro Sánchez Pérez-Castejón``: the second surname left out."""
    short, long = sorted((a, b), key=len)
    return len(short) >= 2 and len(long) > len(short) and long[: len(short)] == short


@lru_cache(maxsize=8192)
def short_for(short: str, full: str) -> bool:
    """Whether ``short`` (a surname, or an initial and a surname) can stand for ``full``."""
    words = name_words(short)
    if len(words) > 1 and same_name(short, full):
        return True
    return words in surnames(full)


def is_given_name_of(short: str, full: str) -> bool:
    """Whether ``short`` is the given name (or its nickname) of ``full``."""
    words, whole = name_words(short), name_words(full)
    return len(words) == 1 and len(whole) > 1 and (
        words[0] == whole[0]
        or bool(NICKNAMES.get(words[0], frozenset()) & NICKNAMES.get(whole[0], frozenset()))
    )  # fmt: skip


def misspelling(written: str, right: str) -> bool:
    """Whether ``written`` is one or two letters off ``right``, of as many words.

    A given name may be off by two letters in all, a surname too; a word of four letters or
    fewer must be right, because one letter makes another name of it.
    """
    one, other = name_words(written), name_words(right)
    if len(one) != len(other) or len(one) < 2 or one == other:
        return False
    off = 0
    for a, b in zip(one, other, strict=True):
        if a != b:
            if min(len(a), len(b)) <= 4 or a[0] != b[0]:
                return False
            off += Levenshtein.distance(a, b, score_cutoff=2)
    return off <= 2
