"""Mentions of people, organizations and places, found by rule.

A learned mention head can take the place of ``find_mentions``: the signature is the seam.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quotestance.stages import gazetteer
from quotestance.stages.gazetteer import Gazetteer
from quotestance.stages.headline_names import names_in_headlines
from quotestance.stages.mention import Mention
from quotestance.stages.name_runs import NameFinder
from quotestance.stages.tokens import Token, headline_words, tokenize


def find_mentions(
    text: str, tables: Gazetteer | None = None, tokens: Sequence[Token] | None = None
) -> list[Mention]:
    """All mentions of a text, in text order.

    Args:
        text: Any string.
        tables: Organizations and places; the built-in ones by default.
        tokens: Words of the text, where they are at hand already.
    """
    tokens = tokenize(text) if tokens is None else tokens
    headline = headline_words(text, tokens)
    finder = NameFinder(text, tokens, headline, tables or gazetteer.builtin())
    mentions = [*finder.names(), *finder.pronouns()]
    mentions += names_in_headlines(text, tokens, headline, mentions)
    mentions.sort(key=lambda m: (m.span.start, -m.span.end))
    return _without_overlaps(mentions)


def _without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in mentions:
        if not kept or mention.span.start >= kept[-1].span.end:
            kept.append(mention)
    return kept
