"""Mentions of people, organizations and places, found by rule.

A learned mention head can take the place of ``find_mentions``: the signature is the seam.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from quotestance.stages import gazetteer
from quotestance.stages.gazetteer import Gazetteer
from quotestance.stages.headline_names import names_in_headlines
from quotestance.stages.mention import Mention
from quotestance.stages.name_runs import NameFinder
from quotestance.stages.tokens import Token, headline_words, tokenize

_RELATION = re.compile(
    r"\b(?:[Hh]er|[Hh]is|whose|[a-z]['’]s)\s(?:late |former |elder |older |younger |eldest )?"
    r"(?:(?P<m>husband|father|brother|son|grandfather|uncle|boyfriend|widower)"
    r"|(?:wife|mother|sister|daughter|grandmother|aunt|girlfriend|widow)),?\s$"
)


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
    return [_related(m, text) for m in _without_overlaps(mentions)]


def _related(mention: Mention, text: str) -> Mention:
    """``her husband, Pavel Brenn``: the noun tells the gender, where no list has the name."""
    if mention.form != "name" or mention.type not in ("person", "unknown") or mention.gender:
        return mention
    match = _RELATION.search(text, max(0, mention.span.start - 30), mention.span.start)
    return replace(mention, gender="m" if match["m"] else "f") if match else mention


def _without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in mentions:
        if not kept or mention.span.start >= kept[-1].span.end:
            kept.append(mention)
    return kept
