"""What all ways of naming a source share: the answer, and the article that it is looked up in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

from quotestance.quotes import Span, Speaker
from quotestance.records import Article
from quotestance.stages.coreference import Coreference
from quotestance.stages.entities import ArticleEntities
from quotestance.stages.entity import ArticleEntity
from quotestance.stages.gazetteer import Gazetteer, name_id
from quotestance.stages.mention import Mention
from quotestance.stages.phrases import Head, Phrases

_OF = re.compile(r" of (?:the )?(?=[A-Z])")
_GOES_ON = re.compile(r"['’]| [A-Z]")  # ``of Norway's bank``, ``of Norway Steel``


@dataclass(frozen=True, slots=True)
class Answer:
    """Who a source is, before anything is withheld.

    Args:
        name: Canonical name, or None for somebody unnamed.
        type: One of ``SPEAKER_TYPES``.
        id: Stable identifier.
        role: Office or title.
        mention: The words that the name was resolved from.
        probability: That the name is right.
        steps: How it was found.
        entity: The entity of the article.
        pronoun: The pronoun that was resolved, if one was.
    """

    name: str | None
    type: str
    id: str | None = None
    role: str | None = None
    mention: Span | None = None
    probability: float = 0.0
    steps: tuple[str, ...] = ()
    entity: ArticleEntity | None = None
    pronoun: Span | None = None


@dataclass(frozen=True)
class Naming:
    """One article and its lists, with the answers that are made the same way everywhere.

    Args:
        article: The article.
        phrases: Reader of its noun phrases.
        entities: Its entities.
        coreference: Its pronouns.
        tables: Organizations and places.
    """

    article: Article
    phrases: Phrases
    entities: ArticleEntities
    coreference: Coreference
    tables: Gazetteer

    @cached_property
    def article_key(self) -> str:
        """What tells the article from every other: a digest of its id, else of its text."""
        key = self.article.id or self.article.text
        return hashlib.sha1(key.encode("utf-8", "surrogatepass")).hexdigest()

    def id(self, name: str) -> str:
        """Identifier of a name that no table knows, in this article."""
        return name_id(name, self.article_key)

    def entity(
        self,
        entity: ArticleEntity,
        mention: Mention,
        confidence: float,
        steps: tuple[str, ...] = (),
    ) -> Answer:
        """An answer that names an entity of the article.

        Args:
            entity: The entity.
            mention: The mention that led to it.
            confidence: Probability that the mention is the entity's.
            steps: What led to the mention.
        """
        here = mention.span.text
        role = entity.person.role_at(self.article.date) if entity.person else None
        if not steps and here != first_name_of(entity):
            steps = (f"{here} -> {first_name_of(entity)} [name]",)
        return Answer(
            entity.name,
            entity.type if entity.type != "unknown" else "person",
            entity.identifier(self.article_key),
            role or entity.title,
            mention.span,
            confidence * entity.certainty,
            (*steps, *entity.steps),
            entity,
        )

    def country_of(self, head: Head) -> str | None:
        """The country that the words of a phrase name, or the words ``of Norway`` after it."""
        for mention in self.phrases.mentions_in(head.span):
            if mention.known is not None and mention.known.type == "country":
                return mention.known.country
        match = _OF.match(self.article.text, head.span.end)
        for mention in (
            self.phrases.mentions_in(Span(match.end(), match.end() + 1)) if match else ()
        ):
            known, end = mention.known, mention.span.end
            if known is not None and known.type == "country" and known.form == "name":
                return None if _GOES_ON.match(self.article.text, end) else known.country
        return None


def again(speaker: Speaker, words: Span | None, step: str, certainty: float) -> Answer:
    """The speaker of another quote as the answer for this one.

    Args:
        speaker: The speaker of the other quote.
        words: The words that point to it.
        step: Why it is the same.
        certainty: Probability that it is.
    """
    return Answer(
        speaker.name,
        speaker.type,
        speaker.id,
        speaker.role,
        words if words is not None else speaker.mention,
        certainty * (speaker.confidence or 0.0),
        (step, *speaker.steps),
    )


def first_name_of(entity: ArticleEntity) -> str:
    """The name in the article that the steps of the entity begin with."""
    return entity.steps[0].split(" -> ")[0] if entity.steps else entity.name
