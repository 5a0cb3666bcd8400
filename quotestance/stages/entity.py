"""The record of one entity of an article, while it is put together."""

from __future__ import annotations

import bisect
from collections import Counter
from dataclasses import dataclass, field

from quotestance.stages.gazetteer import Known, name_id
from quotestance.stages.mention import Mention
from quotestance.stages.names import name_words
from quotestance.stages.roster import Person

# Probabilities that a mention is an entity's, or that the canonical name of an entity is right.
SURE, SURNAME, GUESS, UNSURE, UNKNOWN, AMBIGUOUS = 0.97, 0.95, 0.75, 0.6, 0.45, 0.4


@dataclass(eq=False)
class ArticleEntity:
    """One person, organization, group or place of an article, while it is put together.

    Args:
        name: The fullest name in the article, or the canonical one where a table has it.
        type: ``person``, ``organization``, ``country``, ``group`` or ``unknown``.
        mentions: Named mentions, in text order.
        gender: ``m``, ``f``, ``n`` or None.
        roles: Folded words of titles and appositions, such as ``senator``.
        nouns: Folded last words of appositions, whatever they name, such as ``theatre``.
        title: Title that stands before the name.
        country: Country that stands before the title.
        known: Entry of the tables of organizations and places.
        person: Entry of the roster.
        steps: From the fullest name in the article to the canonical one.
        certainty: Probability that the canonical name is right, given that a mention is this
            entity's.
    """

    name: str
    type: str
    mentions: list[Mention] = field(default_factory=list)
    gender: str | None = None
    roles: set[str] = field(default_factory=set)
    title: str | None = None
    country: str | None = None
    known: Known | None = None
    person: Person | None = None
    nouns: set[str] = field(default_factory=set)
    steps: list[str] = field(default_factory=list)
    certainty: float = SURE
    starts: list[int] = field(default_factory=list)

    def before(self, position: int) -> Mention | None:
        """The last named mention that begins before a position."""
        i = bisect.bisect_left(self.starts, position)
        return self.mentions[i - 1] if i else None

    def identifier(self, article: str) -> str:
        """Wikidata id, id of the tables, or a stable one for this name in this article."""
        if self.person is not None and self.person.id:
            return self.person.id
        if self.person is not None:
            return name_id(self.person.name, "roster")
        return self.known.id if self.known is not None else name_id(self.name, article)


def gender_of(entity: ArticleEntity) -> str | None:
    """From honorifics, else from the given name of a full name.

    Somebody whom the article calls by a given name only has its gender too.
    """
    titled = Counter(m.gender for m in entity.mentions if m.title and m.gender in ("m", "f"))
    if titled:
        return titled.most_common(1)[0][0]
    alone = len(name_words(entity.name)) == 1
    named = Counter(
        m.gender for m in entity.mentions
        if m.gender in ("m", "f") and (len(name_words(m.span.text)) > 1 or alone)
    )  # fmt: skip
    return named.most_common(1)[0][0] if named else None
