"""Pronouns of the third person singular: where they stand and in which case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quotestance.quotes import Span
from quotestance.stages.lexicon import HE, SHE
from quotestance.stages.tokens import Token

_CASES = {
    "he": "subject", "she": "subject", "him": "object", "his": "possessive",
    "hers": "possessive", "himself": "reflexive", "herself": "reflexive",
}  # fmt: skip
# A word after "her" that shows that "her" owns nothing.
_AFTER_OBJECT = frozenset(
    """a an the to in on at by for from with of as and or but that when while after before into
out up down off over away back about through during because if where who which until since not
was is were are had has have would could will did he she his it they this these those""".split()
)


@dataclass(frozen=True, slots=True)
class Pronoun:
    """One pronoun.

    Args:
        span: Where it stands.
        gender: ``m`` or ``f``.
        case: ``subject``, ``object``, ``possessive`` or ``reflexive``.
    """

    span: Span
    gender: str
    case: str


def find_pronouns(text: str, tokens: Sequence[Token]) -> list[Pronoun]:
    """All pronouns of the third person singular, in text order."""
    return [
        Pronoun(
            Span(token.start, token.end, token.text),
            "m" if token.key in HE else "f",
            case_of(text, tokens, i),
        )
        for i, token in enumerate(tokens)
        if token.key in HE or token.key in SHE
    ]


def case_of(text: str, tokens: Sequence[Token], i: int) -> str:
    """Case of the pronoun that is word ``i``; ``her`` is told by what follows."""
    key = tokens[i].key
    if key != "her":
        return _CASES[key]
    alone = ends_clause(text, tokens, i) or tokens[i + 1].key in _AFTER_OBJECT
    return "object" if alone else "possessive"


def ends_clause(text: str, tokens: Sequence[Token], i: int) -> bool:
    """Whether punctuation or the end of the text follows word ``i``."""
    if i + 1 >= len(tokens):
        return True
    return bool(text[tokens[i].end : tokens[i + 1].start].strip(" \u00a0\"“'‘`"))
