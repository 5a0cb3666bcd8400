"""Abbreviations that an article puts in brackets after a name: ``Osmere Dairy Authority (ODA)``.

What the article says of its abbreviations goes before what any table knows, and holds for letters
that are not the initials, as of a name that is translated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from quotestance.stages.gazetteer import words_key
from quotestance.stages.mention import Mention

_SMALL = frozenset("of the for and on in de la el".split())


def bracketed(
    text: str, named: Sequence[Mention]
) -> tuple[Sequence[Mention], Mapping[str, tuple[str, ...]]]:
    """The abbreviations of an article, folded, and the words of the name of each.

    Args:
        text: The article.
        named: Its named mentions, in text order.

    Returns:
        The mentions, of which names with an abbreviation, and the abbreviations, are
        organizations; and the abbreviations.
    """
    found: dict[str, Mention] = {}
    for name, short in pairwise(named):
        letters = short.span.text.replace(".", "")
        if (
            text[name.span.end : short.span.start] == " ("
            and text.startswith(")", short.span.end)
            and letters.isupper()
            and letters.isalpha()
            and 2 <= len(letters) <= 8
            and (name.type == "organization" or _initials(name) == letters.casefold())
        ):
            found.setdefault(letters.casefold(), name)
    if not found:
        return named, {}
    names = {mention.span for mention in found.values()}
    out = []
    for mention in named:
        full = found.get(mention.span.text.replace(".", "").casefold())
        upper = mention.span.text.isupper()
        if (full is not None and upper and full.known is None) or (
            mention.span in names and mention.known is None
        ):
            mention = replace(mention, type="organization", known=None, gender="n")
        out.append(mention)
    return out, {short: _key(name) for short, name in found.items() if name.known is None}


def _key(name: Mention) -> tuple[str, ...]:
    key = words_key(name.span.text)
    return key[1:] if key[:1] == ("the",) and len(key) > 1 else key


def _initials(name: Mention) -> str:
    return "".join(w[0] for w in words_key(name.span.text) if w not in _SMALL)
