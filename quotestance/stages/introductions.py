"""How an article introduces somebody: the age after a name, the words right before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from quotestance.stages.entity import ArticleEntity
from quotestance.stages.mention import Mention

_AFTER = re.compile(r",? (?:(?:who )?(?:is|was) )?(?:a |an |the )?(\d{1,3})(?:-year-old|[,.])")
_BEFORE = re.compile(r"(\d{1,3})-year-old (?:[a-z][\w'’-]* ){0,5}$")
_MENTIONS = 20  # of a name, those that are read


def of_age(
    text: str, people: Iterable[ArticleEntity], word: str
) -> list[tuple[ArticleEntity, Mention]]:
    """Whom ``71-year-old`` can mean: people whose age the article tells to be that.

    Args:
        text: The article.
        people: Its people.
        word: The folded noun; nobody for any other.
    """
    age = word.removesuffix("-year-old")
    found = []
    for entity in people if age != word else ():
        for mention in entity.mentions[:_MENTIONS]:
            start, end = mention.span.start, mention.span.end
            ages = (_AFTER.match(text, end), _BEFORE.search(text[max(0, start - 60) : start]))
            if any(told is not None and told[1] == age for told in ages):
                found.append((entity, mention))
                break
    return found


def called(text: str, entity: ArticleEntity, words: Sequence[str]) -> bool:
    """Whether words stand right before a name: ``his deputy, Lem Oster``, ``Osmerian leader``.

    Args:
        text: The article.
        entity: Somebody of it.
        words: Folded words, in order.
    """
    phrase = " ".join(words)
    for mention in entity.mentions[:_MENTIONS]:
        start = mention.span.start
        before = text[max(0, start - 50) : start].casefold().rstrip(", ")
        if phrase in re.split(r"[.,;:!?\n]", before)[-1]:
            return True
    return False
