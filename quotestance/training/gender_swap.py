"""Texts about people, written anew with their genders exchanged.

A network that learns from both forms of a text cannot make the gender of a pronoun a reason to
read it in another way, and still learns that ``she`` is not Peter.

Source: Zhao et al., "Gender Bias in Coreference Resolution: Evaluation and Debiasing Methods"
(2018); here given names are exchanged too, within the text always by the same one.
"""

from __future__ import annotations

import bisect
import random
from collections.abc import Callable

from quotestance.quotes import Span
from quotestance.stages.lexicon import FEMALE_NAMES, MALE_NAMES
from quotestance.stages.pronouns import case_of, ends_clause
from quotestance.stages.tokens import Token, tokenize

_PAIRS = """he she;his hers;himself herself;mr mrs;sir dame;lord lady;king queen;prince princess;
duke duchess;emperor empress;baron baroness;congressman congresswoman;chairman chairwoman;
spokesman spokeswoman;businessman businesswoman;man woman;men women;boy girl;boys girls;
father mother;fathers mothers;son daughter;sons daughters;brother sister;brothers sisters;
husband wife;uncle aunt;nephew niece;grandfather grandmother;grandson granddaughter;
stepfather stepmother;actor actress;actors actresses;widower widow;male female;hero heroine;
boyfriend girlfriend;gentleman lady;host hostess;waiter waitress;priest priestess;dad mom"""
_SWAPPED = {a: b for pair in _PAIRS.replace("\n", "").split(";") for a, b in [pair.split()]}
_SWAPPED |= {b: a for a, b in reversed(list(_SWAPPED.items()))}
_SWAPPED |= {"him": "her", "ms": "mr", "miss": "mr"}


def swap_genders(text: str, draw: random.Random) -> tuple[str, Callable[[Span], Span]]:
    """The text with the genders of its people exchanged.

    Args:
        text: Any string.
        draw: Source of the given names that stand for others.

    Returns:
        The new text, and a function from spans of the old text that do not begin or end within
        a word to spans of the new one.
    """
    tokens = tokenize(text)
    names: dict[str, str] = {}
    out: list[str] = []
    old, new = [0], [0]  # where unchanged text begins, in both
    for i, token in enumerate(tokens):
        word = _other_word(text, tokens, i) or _other_name(token, names, draw)
        if word is None:
            continue
        written = token.text
        word = word.upper() if written.isupper() and len(written) > 1 else word
        word = word.capitalize() if written.istitle() else word
        out.append(text[old[-1] : token.start] + word)
        new.append(new[-1] + token.start - old[-1] + len(word))
        old.append(token.end)
    out.append(text[old[-1] :])
    swapped = "".join(out)

    def place(span: Span) -> Span:
        # A start on a changed word moves with the text before it, an end with the text after it.
        i = bisect.bisect_right(old, span.start) - 1
        j = bisect.bisect_right(old, span.end) - 1
        return Span(new[i] + span.start - old[i], new[j] + span.end - old[j]).of(swapped)

    return swapped, place


def _other_word(text: str, tokens: list[Token], i: int) -> str | None:
    key = tokens[i].key
    if key == "her":
        return "him" if case_of(text, tokens, i) == "object" else "his"
    if key == "his":
        return "hers" if ends_clause(text, tokens, i) else "her"
    return _SWAPPED.get(key)


def _other_name(token: Token, names: dict[str, str], draw: random.Random) -> str | None:
    """A given name of the other gender, the same one wherever it stands in the text."""
    if not token.capital or (token.key in MALE_NAMES) == (token.key in FEMALE_NAMES):
        return None
    if token.key not in names:
        names[token.key] = draw.choice(_FEMALE if token.key in MALE_NAMES else _MALE)
    return names[token.key].capitalize()


_MALE, _FEMALE = sorted(MALE_NAMES - FEMALE_NAMES), sorted(FEMALE_NAMES - MALE_NAMES)
