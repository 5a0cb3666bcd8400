"""Surnames and given names alone: whose they are, mention by mention."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from quotestance.stages.entity import (
    AMBIGUOUS,
    GUESS,
    SURE,
    SURNAME,
    ArticleEntity,
    gender_of,
)
from quotestance.stages.gazetteer import words_key
from quotestance.stages.grouping import Grouping
from quotestance.stages.lexicon import (
    NICKNAMES,
)
from quotestance.stages.mention import Mention
from quotestance.stages.names import (
    is_given_name_of,
    name_suffix,
    name_words,
    same_name,
    surnames,
)
from quotestance.stages.roster import Roster

_MANY = 1000  # beyond so many names, those that need a search of all are left alone


class ShortNames:
    """Gives the short names of an article to the entities that its full names make.

    Args:
        grouping: The full names; what is found is added to it.
        mentions: All mentions of the article.
        roster: Known people.
        date: Day of the article, if known.
    """

    def __init__(
        self, grouping: Grouping, mentions: Sequence[Mention], roster: Roster, date: str | None
    ) -> None:
        self.grouping = grouping
        self.mentions = mentions
        self.roster = roster
        self.date = date
        self._given: dict[str, list[ArticleEntity]] = {}
        self._by_word: dict[tuple[str, ...], ArticleEntity] = {}

    def group(self, mentions: Sequence[Mention]) -> None:
        """Surnames and given names alone: whose they are, mention by mention."""
        for mention in mentions:
            words = name_words(mention.span.text)
            if len(words) > 1 and words[-1:] in self.grouping.by_surname:
                words = words[-1:]
            bearers = self.grouping.by_surname.get(words, [])
            if not bearers:
                bearers = self._by_given_name(mention.span.text)
                if len(bearers) != 1:
                    bearers = []
            organization = None if bearers or mention.title else self._first_word_of(words)
            if organization is not None:
                self.grouping.add(organization, mention, GUESS)
                continue
            bearers = bearers or self._nearly(words)
            bearers = [e for e in bearers if not _clash(mention, e)]
            if bearers:
                entity, confidence = self._choose(mention, bearers)
            else:
                entity, confidence = self._alone(mention, words), SURE
                if mention.title and entity not in self.grouping.by_surname.get(words, ()):
                    self.grouping.by_surname.setdefault(words, []).append(entity)
            self.grouping.add(entity, mention, confidence)

    def _first_word_of(self, words: tuple[str, ...]) -> ArticleEntity | None:
        """``Brightwell`` in an article that names Brightwell Foods and no other Brightwell."""
        found = [
            e for e in self.grouping.entities
            if e.type == "organization" and e.known is None and len(words) == 1
            and words_key(e.name)[:1] == words and len(words_key(e.name)) > 1
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    def _alone(self, mention: Mention, words: tuple[str, ...]) -> ArticleEntity:
        """Somebody whom the article calls by one word only."""
        found = self._by_word.get(words)
        if found is None:
            found = self._by_word[words] = self.grouping.new(mention.span.text, mention.type)
        if mention.type == "person":
            found.type = "person"
        return found

    def _famous_other(self, mention: Mention, bearer: ArticleEntity) -> bool:
        """``Trump`` where the article names only Melania Trump in full: the best-known bearer."""
        if len(name_words(mention.span.text)) > 1 or mention.title or mention.known:
            return False
        famous = self.roster.lookup_surname(mention.span.text, self.date)
        if famous is None:
            return False
        named = {famous.name, *famous.aliases}
        if any(
            same_name(bearer.name, n) or name_words(bearer.name) == name_words(n) for n in named
        ):
            return False
        words = name_words(bearer.name)
        alone = sum(name_words(m.span.text) == words[:1] for m in self.mentions)
        person = self.roster.lookup_name(bearer.name, self.date)
        return person is not None or alone > 1

    def _by_given_name(self, name: str) -> list[ArticleEntity]:
        """People of the article with this given name or a nickname of it."""
        if not self._given:
            for entity in self.grouping.entities:
                words = name_words(entity.name)
                if entity.type in ("person", "unknown") and len(words) > 1:
                    for key in NICKNAMES.get(words[0], {words[0]}):
                        self._given.setdefault(key, []).append(entity)
        words = name_words(name)
        keys = NICKNAMES.get(words[0], {words[0]}) if len(words) == 1 else ()
        found = {id(e): e for key in keys for e in self._given.get(key, ())}
        return [e for e in found.values() if is_given_name_of(name, e.name)]

    def _nearly(self, words: tuple[str, ...]) -> list[ArticleEntity]:
        """The one person whose surname is a single slip of a letter away: ``Bryne``, ``Byrne``."""
        if len(words) != 1 or not 5 <= len(words[0]) <= 20 or len(self.grouping.by_surname) > _MANY:
            return []
        found = {
            id(e): e
            for key, people in self.grouping.by_surname.items()
            if len(key) == 1 and key[0][0] == words[0][0] and OSA.distance(key[0], words[0]) == 1
            for e in people
            if surnames(e.name)[0] == key
        }
        return list(found.values()) if len(found) == 1 else []

    def _choose(
        self, mention: Mention, bearers: Sequence[ArticleEntity]
    ) -> tuple[ArticleEntity, float]:
        """The bearer of a surname that a mention means, and how sure that is."""
        words = name_words(mention.span.text)[-1:]
        primary = [e for e in bearers if words[-1:] == surnames(e.name)[0][-1:]]
        bearers = primary or bearers
        if len(bearers) > 1 and mention.gender in ("m", "f") and mention.title:
            agree = [e for e in bearers if gender_of(e) == mention.gender]
            bearers = agree or [e for e in bearers if gender_of(e) is None] or bearers
        if len(bearers) > 1 and mention.title:
            title = mention.title.casefold()
            same = [e for e in bearers if any(
                m.title and m.title.casefold() == title for m in e.mentions)]  # fmt: skip
            bearers = same or bearers
        if len(bearers) > 1:
            junior = name_suffix(mention.span.text)
            bearers = [e for e in bearers if name_suffix(e.name) == junior] or bearers
        if len(bearers) == 1 and not self._famous_other(mention, bearers[0]):
            return bearers[0], SURNAME
        if len(bearers) == 1:
            return self._alone(mention, words), SURE
        famous = self.roster.lookup_surname(mention.span.text, self.date)
        known = [e for e in bearers if famous and same_name(e.name, famous.name)]
        if len(known) == 1 and not mention.title:
            return known[0], GUESS
        full = {
            id(e): sum(bool(m.title) or len(name_words(m.span.text)) > 1 for m in e.mentions)
            for e in bearers
        }
        named = [e for e in bearers if any(m.span.start < mention.span.start for m in e.mentions)]
        if len(named) == 1:
            return named[0], GUESS
        ranked = sorted(bearers, key=lambda e: -full[id(e)])
        first, second = full[id(ranked[0])], full[id(ranked[1])]
        if first >= 2 * second:
            return ranked[0], GUESS
        return ranked[0], AMBIGUOUS


def _clash(mention: Mention, entity: ArticleEntity) -> bool:
    """``Mr. Obama`` is not Michelle Obama."""
    gender = gender_of(entity)
    if mention.title and mention.gender in ("m", "f") and gender not in (mention.gender, None):
        return True
    titles = {m.title.casefold() for m in entity.mentions if m.title}
    leads = mention.title is not None and mention.title.casefold() in _LEADERS
    return leads and not titles & _LEADERS and gender == "f" and mention.gender != "f"


_LEADERS = frozenset({"president", "prime minister", "chancellor", "king"})
