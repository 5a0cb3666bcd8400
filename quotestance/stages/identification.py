"""Entities of an article in the roster: canonical names and identifiers."""

from __future__ import annotations

from quotestance.stages.entity import (
    GUESS,
    SURNAME,
    UNKNOWN,
    UNSURE,
    ArticleEntity,
)
from quotestance.stages.grouping import Grouping
from quotestance.stages.lexicon import (
    FIRST_NAMES,
)
from quotestance.stages.names import (
    name_words,
    short_for,
)
from quotestance.stages.roster import Person, Roster


class Identification:
    """Looks the people of an article up.

    Args:
        grouping: Its entities, which are named in place.
        roster: Known people.
        date: Day of the article, if known.
    """

    def __init__(self, grouping: Grouping, roster: Roster, date: str | None) -> None:
        self.grouping = grouping
        self.roster = roster
        self.date = date
        for entity in grouping.entities:
            if entity.type in ("person", "unknown"):
                self._identify(entity)
        self._join_same_person()

    def _identify(self, entity: ArticleEntity) -> None:
        """Canonical name and identifier from the roster, where one person fits."""
        words = name_words(entity.name)
        if len(words) >= 2:
            person = self.roster.lookup_name(entity.name, self.date, entity.country)
            if person is None and entity.title:
                person = self.roster.lookup_misspelt(
                    entity.name, entity.title, entity.country, self.date
                ) or self.roster.lookup_misspelt(entity.name, entity.title, entity.country, None)
                if person is not None:
                    entity.steps.append(
                        f"{entity.name} -> {person.name} [spelling, {entity.title}]"
                    )
            elif person is not None and person.name != entity.name:
                entity.steps.append(f"{entity.name} -> {person.name} [name]")
            if person is not None and entity.type == "unknown":
                entity.type = "person"
        else:
            person = self._by_surname_alone(entity)
        if person is None:
            return
        entity.person, entity.name = person, person.name
        if person.id:
            where = f"roster, {self.date}" if self.date else "roster"
            entity.steps.append(f"{person.name} -> {person.id} [{where}]")

    def _by_surname_alone(self, entity: ArticleEntity) -> Person | None:
        """Somebody whom the article never names in full: office and country, or fame."""
        person = None
        if entity.title and entity.country:
            person = self.roster.lookup_role(entity.title, entity.country, self.date)
            if person is not None and not any(
                short_for(entity.name, n) for n in (person.name, *person.aliases)
            ):
                person = None
        how, certainty = "title", SURNAME
        if person is None and entity.title and not entity.country:
            person = self.roster.lookup_titled(entity.name, entity.title, self.date)
        if person is None:
            person = self.roster.lookup_surname(entity.name, self.date)
            how, certainty = "well known by surname", GUESS
        if person is None:
            given = name_words(entity.name)[:1] and name_words(entity.name)[0] in FIRST_NAMES
            named = entity.type == "person"
            entity.certainty = GUESS if given else UNSURE if named else UNKNOWN
            entity.type = "person" if given else entity.type
            return None
        entity.steps.append(f"{entity.name} -> {person.name} [{how}]")
        entity.type, entity.certainty = "person", certainty
        return person

    def _join_same_person(self) -> None:
        """Entities that the roster names alike are one."""
        kept: dict[str, ArticleEntity] = {}
        for entity in list(self.grouping.entities):
            if entity.person is None:
                continue
            key = entity.person.id or entity.person.name
            first = kept.setdefault(key, entity)
            if first is entity:
                continue
            for mention in entity.mentions:
                _, confidence = self.grouping.of[mention.span.start, mention.span.end]
                self.grouping.of[mention.span.start, mention.span.end] = first, confidence
            first.mentions = sorted(first.mentions + entity.mentions, key=lambda m: m.span.start)
            first.starts = [m.span.start for m in first.mentions]
            first.roles |= entity.roles
            first.gender = first.gender or entity.gender
            self.grouping.entities.remove(entity)
