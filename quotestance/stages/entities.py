"""Entities of one article: its named mentions grouped by whom or what they name.

Full names that can be one person's are joined; a surname alone goes to the one full name it
can be short for. Two people of one surname are kept apart: honorific, title, gender and what
was named last decide, or nothing does.
"""

from __future__ import annotations

from collections.abc import Sequence

from quotestance.stages.acronyms import bracketed
from quotestance.stages.descriptions import Descriptions
from quotestance.stages.entity import ArticleEntity
from quotestance.stages.gazetteer import Gazetteer
from quotestance.stages.grouping import Grouping
from quotestance.stages.identification import Identification
from quotestance.stages.mention import Mention
from quotestance.stages.roster import Roster
from quotestance.stages.short_names import ShortNames
from quotestance.stages.tokens import Token


class ArticleEntities:
    """The entities of one article and which mention belongs to which.

    Args:
        text: The article.
        mentions: Its mentions, in text order.
        tokens: Its words.
        roster: Known people.
        date: Day of the article, if known.
        tables: Organizations and places.
        names: Full names that stand outside the text, as in a headline kept apart.
    """

    def __init__(
        self,
        text: str,
        mentions: Sequence[Mention],
        tokens: Sequence[Token],
        roster: Roster,
        date: str | None,
        tables: Gazetteer,
        names: Sequence[str] = (),
    ) -> None:
        self.roster = roster
        named, acronyms = bracketed(text, [m for m in mentions if m.form == "name"])
        grouping = Grouping(named, tokens, tables, names, acronyms)
        rest = [m for m in named if (m.span.start, m.span.end) not in grouping.of]
        rest.sort(key=lambda m: (not m.title, m.span.start))
        ShortNames(grouping, mentions, roster, date).group(rest)
        for entity in grouping.entities:
            entity.mentions.sort(key=lambda m: m.span.start)
            entity.starts = [m.span.start for m in entity.mentions]
        Descriptions(text, tokens, mentions, grouping)
        Identification(grouping, roster, date)
        self.entities = grouping.entities
        self._of = grouping.of

    def of(self, mention: Mention) -> tuple[ArticleEntity, float] | None:
        """The entity of a named mention and the probability that it is right."""
        return self._of.get((mention.span.start, mention.span.end))
