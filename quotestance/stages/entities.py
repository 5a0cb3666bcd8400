"""Entities of one article: its named mentions grouped by whom or what they name.

Full names that can be one person's are joined; a surname alone goes to the one full name it
can be short for. Two people of one surname are kept apart: honorific, title, gender and what
was named last decide, or nothing does.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from quotestance.stages.gazetteer import Gazetteer, Known, name_id, words_key
from quotestance.stages.lexicon import (
    FIRST_NAMES,
    NICKNAMES,
    ORG_HEADS,
    ORG_NOUNS,
    PERSON_NOUNS,
    TITLES,
)
from quotestance.stages.mention import Mention
from quotestance.stages.names import (
    is_given_name_of,
    name_suffix,
    name_words,
    same_name,
    short_for,
    surnames,
)
from quotestance.stages.roster import Person, Roster
from quotestance.stages.tokens import Token

SURE, SURNAME, GUESS, UNSURE, UNKNOWN, AMBIGUOUS = 0.97, 0.95, 0.75, 0.6, 0.45, 0.4
_MANY = 1000  # beyond so many names, those that need a search of all are left alone


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
        self.text = text
        self.mentions = mentions
        self.roster = roster
        self.date = date
        self.tables = tables
        self.entities: list[ArticleEntity] = []
        self._of: dict[tuple[int, int], tuple[ArticleEntity, float]] = {}
        self._by_surname: dict[tuple[str, ...], list[ArticleEntity]] = {}
        self._given: dict[str, list[ArticleEntity]] = {}
        self._by_word: dict[tuple[str, ...], ArticleEntity] = {}
        self._keys = {t.start: (tokens[i - 1].key if i else "") for i, t in enumerate(tokens)}
        self._lowercase = {t.key for t in tokens if not t.capital}
        named = [m for m in mentions if m.form == "name"]
        self._group_full_names([m for m in named if self._is_full_name(m)], names)
        self._group_known(named)
        self._group_organizations(named)
        rest = [m for m in named if (m.span.start, m.span.end) not in self._of]
        self._group_short_names(sorted(rest, key=lambda m: (not m.title, m.span.start)))
        for entity in self.entities:
            entity.mentions.sort(key=lambda m: m.span.start)
            entity.starts = [m.span.start for m in entity.mentions]
            self._describe(entity)
        self._roles_from_text(tokens)
        self._likely_people()
        for entity in self.entities:
            if entity.type in ("person", "unknown"):
                self._identify(entity)
        self._join_same_person()

    def of(self, mention: Mention) -> tuple[ArticleEntity, float] | None:
        """The entity of a named mention and the probability that it is right."""
        return self._of.get((mention.span.start, mention.span.end))

    def people(self) -> Iterator[ArticleEntity]:
        """Entities that are a person."""
        return (e for e in self.entities if e.type == "person")

    def _likely_people(self) -> None:
        """Full names whose surname comes again alone, or that never follow ``the``."""
        for entity in self.entities:
            if entity.type != "unknown" or len(name_words(entity.name)) not in (2, 3):
                continue
            again = any(len(name_words(m.span.text)) == 1 for m in entity.mentions)
            article = any(self._keys.get(m.span.start) == "the" for m in entity.mentions)
            verb = any(_VERB.match(self.text, m.span.end) for m in entity.mentions)
            if not article and not entity.name.isupper() and (again or verb):
                entity.type = "person"

    def _add(self, entity: ArticleEntity, mention: Mention, confidence: float) -> None:
        entity.mentions.append(mention)
        self._of[mention.span.start, mention.span.end] = entity, confidence

    def _new(self, name: str, type_: str, known: Known | None = None) -> ArticleEntity:
        entity = ArticleEntity(name, type_, known=known)
        self.entities.append(entity)
        return entity

    def _group_known(self, named: Sequence[Mention]) -> None:
        """Organizations and places of the tables."""
        found: dict[str, ArticleEntity] = {}
        for mention in named:
            if mention.known is not None and not (
                self._surname_here(mention) or self._shortened(mention, named)
            ):
                known = mention.known
                if known.id not in found:
                    found[known.id] = self._new(known.name, known.type, known)
                self._add(found[known.id], mention, SURE)

    def _shortened(self, mention: Mention, named: Sequence[Mention]) -> bool:
        """``the Times`` in an article that names the Tampa Bay Times, unknown to the tables."""
        key = words_key(mention.span.text)
        key = key[1:] if key[:1] == ("the",) else key
        return (
            len(key) == 1
            and key[0] in ORG_HEADS
            and any(
                m.type == "organization" and len(w) > 1 + (w[0] == "the") and w[-1:] == key
                for m in named
                if (w := words_key(m.span.text))
            )
        )

    def _surname_here(self, mention: Mention) -> bool:
        """``Jordan`` in an article on Jim Jordan, unless ``in`` or ``of`` stands before it."""
        people = self._by_surname.get(name_words(mention.span.text), ())
        place = mention.known is not None and mention.known.form in ("name", "capital")
        before = self._keys.get(mention.span.start, "")
        return place and any(e.type == "person" for e in people) and before not in _PLACE_BEFORE

    def _is_full_name(self, mention: Mention) -> bool:
        if mention.known is not None or mention.type not in ("person", "unknown"):
            return False
        return len(name_words(mention.span.text)) >= 2

    def _group_full_names(self, mentions: Sequence[Mention], outside: Sequence[str]) -> None:
        """Full names of people that agree, under the fullest of them."""
        full = [m.span.text for m in mentions] + list(outside)
        mentions = [m for m in mentions if not self._surname_with_adjective(m.span.text, full)]
        counts = Counter(m.span.text for m in mentions)
        counts.update(n for n in outside if n not in counts)
        types = {m.span.text: m.type for m in mentions if m.type == "person"}
        types |= dict.fromkeys(outside, "person")
        keys = {name_words(n) for n in counts}
        groups: dict[str, ArticleEntity] = {}
        for name in sorted(counts, key=lambda n: self._fullness(n, keys, counts[n])):
            entity = self._same_person(name)
            if entity is None:
                entity = self._new(name, types.get(name, "unknown"))
            elif name in types:
                entity.type = "person"
            groups[name] = entity
            for key in surnames(name):
                people = self._by_surname.setdefault(key, [])
                if entity not in people:
                    people.append(entity)
        for mention in mentions:
            self._add(groups[mention.span.text], mention, SURE)

    def _fullness(
        self, name: str, names: set[tuple[str, ...]], count: int
    ) -> tuple[bool, int, int]:
        """Sorting key: fullest first; a name that only has a stray word before it comes last."""
        words = name_words(name)
        stray = (
            words[1:] in names
            and words[0] not in FIRST_NAMES
            and (count == 1 or words[0] in self._lowercase)
        )
        return stray, -len(words), -count

    def _surname_with_adjective(self, name: str, names: Sequence[str]) -> bool:
        """``Absent Trump`` and ``Oscar-winner Sarandon`` are a surname, not a full name."""
        words = name_words(name)
        noun = len(words) == 2 and words[0].split("-")[-1] in PERSON_NOUNS
        return noun and any(name_words(n)[-1:] == words[-1:] and n != name for n in names)

    def _same_person(self, name: str) -> ArticleEntity | None:
        words = name_words(name)
        for key in (words[-1:], words[:1], words[-2:-1]):
            for entity in self._by_surname.get(key, ()):
                if words[1:] == name_words(entity.name) and len(words) > 2:
                    return entity
                if same_name(name, entity.name) or (
                    words[0] not in FIRST_NAMES and short_for(name, entity.name)
                ):
                    return entity
        return None

    def _group_organizations(self, named: Sequence[Mention]) -> None:
        """Organizations that no table knows, with their abbreviations and short forms."""
        known = {words_key(e.name): e for e in self.entities if e.type == "organization"}
        initials = {"".join(w[0] for w in key): e for key, e in known.items() if len(key) > 2}
        heads: dict[str, list[ArticleEntity]] = {}
        for key, entity in known.items():
            heads.setdefault(key[-1], []).append(entity)
        for mention in sorted(named, key=lambda m: (-len(m.span), m.span.start)):
            if self._by_surname.get(name_words(mention.span.text)):
                continue
            shortened = mention.known is not None and self._shortened(mention, named)
            if (mention.known is not None and not shortened) or (
                mention.type not in ("organization", "group")
            ):
                continue
            key = words_key(mention.span.text)
            key = key[1:] if key[:1] == ("the",) and len(key) > 1 else key
            found = known.get(key)
            if found is None and len(key) == 1 and len(key[0]) > 2:
                found = initials.get(key[0])
                if found is None and key[0] in ORG_HEADS and len(heads.get(key[0], ())) == 1:
                    found = heads[key[0]][0]
            vague = found is None and len(key) == 1 and key[0] in ORG_HEADS | ORG_NOUNS
            if found is None:
                name = mention.span.text
                office = self.tables.office(name)
                found = known.get(words_key(office.name)) if office else None
                found = found or self._new(office.name if office else name, mention.type, office)
                known[key] = found
                heads.setdefault(key[-1], []).append(found)
                letters = [w[0] for w in key if w not in ("of", "the", "for", "and")]
                if len(key) > 2:
                    initials.setdefault("".join(letters), found)
            self._add(found, mention, UNKNOWN if vague else SURE)

    def _group_short_names(self, mentions: Sequence[Mention]) -> None:
        """Surnames and given names alone: whose they are, mention by mention."""
        for mention in mentions:
            words = name_words(mention.span.text)
            if len(words) > 1 and words[-1:] in self._by_surname:
                words = words[-1:]
            bearers = self._by_surname.get(words, [])
            if not bearers:
                bearers = self._by_given_name(mention.span.text)
                if len(bearers) != 1:
                    bearers = []
            organization = None if bearers or mention.title else self._first_word_of(words)
            if organization is not None:
                self._add(organization, mention, GUESS)
                continue
            bearers = bearers or self._nearly(words)
            bearers = [e for e in bearers if not _clash(mention, e)]
            if bearers:
                entity, confidence = self._choose(mention, bearers)
            else:
                entity, confidence = self._alone(mention, words), SURE
                if mention.title and entity not in self._by_surname.get(words, ()):
                    self._by_surname.setdefault(words, []).append(entity)
            self._add(entity, mention, confidence)

    def _first_word_of(self, words: tuple[str, ...]) -> ArticleEntity | None:
        """``Brightwell`` in an article that names Brightwell Foods and no other Brightwell."""
        found = [
            e for e in self.entities
            if e.type == "organization" and e.known is None and len(words) == 1
            and words_key(e.name)[:1] == words and len(words_key(e.name)) > 1
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    def _alone(self, mention: Mention, words: tuple[str, ...]) -> ArticleEntity:
        """Somebody whom the article calls by one word only."""
        found = self._by_word.get(words)
        if found is None:
            found = self._by_word[words] = self._new(mention.span.text, mention.type)
        if mention.type == "person":
            found.type = "person"
        return found

    def _famous_other(self, mention: Mention, bearer: ArticleEntity) -> bool:
        """``Trump`` where the article names only Melania Trump in full: the best-known bearer."""
        if len(name_words(mention.span.text)) > 1 or mention.title:
            return False
        famous = self.roster.lookup_surname(mention.span.text, self.date)
        if famous is None:
            return False
        named = {famous.name, *famous.aliases}
        if any(same_name(bearer.name, n) or name_words(bearer.name) == name_words(n) for n in named):
            return False
        words = name_words(bearer.name)
        alone = sum(name_words(m.span.text) == words[:1] for m in self.mentions)
        person = self.roster.lookup_name(bearer.name, self.date)
        return person is not None or alone > 1

    def _by_given_name(self, name: str) -> list[ArticleEntity]:
        """People of the article with this given name or a nickname of it."""
        if not self._given:
            for entity in self.entities:
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
        if len(words) != 1 or not 5 <= len(words[0]) <= 20 or len(self._by_surname) > _MANY:
            return []
        found = {
            id(e): e
            for key, people in self._by_surname.items()
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
            bearers = [e for e in bearers if _gender_of(e) in (mention.gender, None)] or bearers
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

    def _describe(self, entity: ArticleEntity) -> None:
        """Gender, title and country from the mentions of an entity."""
        entity.gender = _gender_of(entity)
        titled = [m for m in entity.mentions if m.title and self._certain(m)]
        if titled:
            best = max(titled, key=lambda m: (len((m.title or "").split()), -m.span.start))
            office = (best.title or "").rstrip(".").casefold() not in _ADDRESSES
            entity.title, entity.country = best.title if office else None, best.country
            if entity.type == "unknown":
                entity.type = "person"
            for mention in titled:
                entity.roles.update(words_key(mention.title or ""))

    def _certain(self, mention: Mention) -> bool:
        return self._of[mention.span.start, mention.span.end][1] > AMBIGUOUS

    def _roles_from_text(self, tokens: Sequence[Token]) -> None:
        """Common nouns for people right before a name, or in apposition right after it."""
        starts = [t.start for t in tokens]
        for mention in self.mentions:
            found = self.of(mention) if mention.form == "name" else None
            if found is None or found[0].type in ("country", "group"):
                continue
            entity = found[0]
            i = bisect.bisect_left(starts, mention.span.start)
            j = bisect.bisect_left(starts, mention.span.end)
            before, after = self._role_words(tokens, i, j)
            entity.nouns |= self._apposed_noun(tokens, j, after)
            if entity.type == "organization":
                continue
            roles = {t.key for t in (*before, *after) if t.key in _ROLES}
            organization = entity.nouns & (ORG_NOUNS | ORG_HEADS) and not roles & PERSON_NOUNS
            if roles & PERSON_NOUNS or _is_age(after):
                entity.type = "person"
            elif organization and entity.type == "unknown":
                entity.type = "organization"
            entity.roles |= roles

    def _apposed_noun(self, tokens: Sequence[Token], j: int, after: Sequence[Token]) -> set[str]:
        """The head noun of an apposition: ``theatre`` in ``the Lantern, Osmere's oldest theatre,``."""
        if not after or "," not in self.text[tokens[j - 1].end : after[0].start]:
            return set()
        words = list(itertools.takewhile(lambda t: t.key not in _STOPS, after))
        return {words[-1].key} if words and not words[-1].capital and len(words) > 1 else set()

    def _role_words(
        self, tokens: Sequence[Token], i: int, j: int
    ) -> tuple[Sequence[Token], Sequence[Token]]:
        """Words around a name that can tell what its bearer is.

        Before it: the noun right there, or the phrase that ends in a comma (``its chief
        ranger, Hector Prynne``). After it: the apposition or predicate (``, the mayor of``,
        ``was elected mayor``), up to the next name.
        """
        text = self.text
        low = i - 1
        if i and "," in text[tokens[i - 1].end : tokens[i].start]:
            low = max(0, i - 7)
            for k in range(i - 1, low, -1):
                gap = text[tokens[k - 1].end : tokens[k].start]
                if any(c in ',.;:!?\n"“”' for c in gap) or tokens[k].key in ("and", "but"):
                    low = k
                    break
                if tokens[k].possessive:
                    low = k + 1
                    break
        before = tokens[max(0, low) : i]
        if j >= len(tokens):
            return before, ()
        start = text[tokens[j - 1].end : tokens[j].start]
        if "," not in start and tokens[j].key not in _COPULAS:
            return before, ()
        high = j
        while high < min(len(tokens), j + 9) and not (tokens[high].capital and high > j + 1):
            gap = text[tokens[high - 1].end : tokens[high].start]
            if high > j and any(c in ',.;:!?\n"“”' for c in gap):
                break
            high += 1
        return before, _predicate(tokens[j:high])

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
        for entity in list(self.entities):
            if entity.person is None:
                continue
            key = entity.person.id or entity.person.name
            first = kept.setdefault(key, entity)
            if first is entity:
                continue
            for mention in entity.mentions:
                _, confidence = self._of[mention.span.start, mention.span.end]
                self._of[mention.span.start, mention.span.end] = first, confidence
            first.mentions = sorted(first.mentions + entity.mentions, key=lambda m: m.span.start)
            first.starts = [m.span.start for m in first.mentions]
            first.roles |= entity.roles
            first.gender = first.gender or entity.gender
            self.entities.remove(entity)


def _clash(mention: Mention, entity: ArticleEntity) -> bool:
    """``Mr. Obama`` is not Michelle Obama."""
    gender = _gender_of(entity)
    if mention.title and mention.gender in ("m", "f") and gender not in (mention.gender, None):
        return True
    titles = {m.title.casefold() for m in entity.mentions if m.title}
    leads = mention.title is not None and mention.title.casefold() in _LEADERS
    return leads and not titles & _LEADERS and gender == "f" and mention.gender != "f"


_VERB = re.compile(
    r",? (?:said|says|told|tells|added|has|had|was|is|who|whose|will|did|does|wants|did|went|"
    r"came|lost|won|broke|visited|called|spoke|asked|began|left|took|made|ran|met|bought|sold|wrote|"
    r"led|drew|grew|knew|paid|sent|stood|sat|thought|threw|taught|sang|spent|wore|drove|gave|held|"
    r"heard|kept|meant|rose|shot|slept|stuck|wept|woke|fought|flew|fell|found|got|hopes|believes|"
    r"thinks|plans|argues|warns|insists|remembers|[a-z]{3,}ed)\b"
)
_STOPS = frozenset("of for in at who whom which that and with to on from based whose".split())
_ROLES = PERSON_NOUNS | frozenset(w for title in TITLES for w in title.split())
_COPULAS = frozenset("is was became becomes who as elected has had will".split())


def _predicate(tokens: Sequence[Token]) -> Sequence[Token]:
    """What an apposition or ``is`` says of a name, without what it says of others."""
    first = tokens[0].key if tokens else ""
    if first in ("and", "but", "or"):
        return ()
    if first == "who":
        tokens = tokens[1:]
        first = tokens[0].key if tokens else ""
        if first not in ("is", "was"):
            return ()
    rest = itertools.takewhile(lambda t: t.key not in _STOPS, tokens[1:])
    return [tokens[0], *rest] if tokens else ()


def _is_age(tokens: Sequence[Token]) -> bool:
    """``Beryl Swann, 71,``."""
    return len(tokens) == 1 and tokens[0].key.isdigit() and len(tokens[0].key) == 2


_ADDRESSES = frozenset({"mr", "mrs", "ms", "miss", "mx", "sir", "dame", "lord", "lady", "dr"})
_LEADERS = frozenset({"president", "prime minister", "chancellor", "king"})
_PLACE_BEFORE = frozenset("in to from of across outside near into through within visit".split())


def _gender_of(entity: ArticleEntity) -> str | None:
    """From honorifics, else from the given name of a full name."""
    titled = Counter(m.gender for m in entity.mentions if m.title and m.gender in ("m", "f"))
    if titled:
        return titled.most_common(1)[0][0]
    named = Counter(
        m.gender for m in entity.mentions
        if m.gender in ("m", "f") and len(name_words(m.span.text)) > 1
    )  # fmt: skip
    return named.most_common(1)[0][0] if named else None
