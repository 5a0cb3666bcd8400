"""Full names, organizations and places of an article, grouped by whom or what they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from quotestance.stages.entity import (
    SURE,
    UNKNOWN,
    ArticleEntity,
)
from quotestance.stages.gazetteer import Gazetteer, Known, words_key
from quotestance.stages.lexicon import (
    FIRST_NAMES,
    ORG_HEADS,
    ORG_NOUNS,
    PERSON_NOUNS,
)
from quotestance.stages.mention import Mention
from quotestance.stages.names import (
    name_words,
    same_name,
    short_for,
    surnames,
)
from quotestance.stages.tokens import Token


class Grouping:
    """Groups of named mentions: full names that can be one person's, known and other organizations.

    Args:
        mentions: Named mentions, in text order.
        tokens: Words of the article.
        tables: Organizations and places.
        outside: Full names that stand outside the text, as in a headline kept apart.
        acronyms: Abbreviations, folded, with the words of the names that they stand for.
    """

    def __init__(
        self,
        mentions: Sequence[Mention],
        tokens: Sequence[Token],
        tables: Gazetteer,
        outside: Sequence[str],
        acronyms: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.tables = tables
        self.acronyms = acronyms
        self.entities: list[ArticleEntity] = []
        self.of: dict[tuple[int, int], tuple[ArticleEntity, float]] = {}
        self.by_surname: dict[tuple[str, ...], list[ArticleEntity]] = {}
        self.word_before = {t.start: (tokens[i - 1].key if i else "") for i, t in enumerate(tokens)}
        self._lowercase = {t.key for t in tokens if not t.capital}
        self._group_full_names([m for m in mentions if self._is_full_name(m)], outside)
        self._group_known(mentions)
        self._group_organizations(mentions)
        self._join_shortened()

    def add(self, entity: ArticleEntity, mention: Mention, confidence: float) -> None:
        """Give a mention to an entity, with the probability that this is right."""
        entity.mentions.append(mention)
        self.of[mention.span.start, mention.span.end] = entity, confidence

    def new(self, name: str, type_: str, known: Known | None = None) -> ArticleEntity:
        """An entity without mentions so far."""
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
                    found[known.id] = self.new(known.name, known.type, known)
                self.add(found[known.id], mention, SURE)

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
        people = self.by_surname.get(name_words(mention.span.text), ())
        place = mention.known is not None and mention.known.form in ("name", "capital")
        before = self.word_before.get(mention.span.start, "")
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
                entity = self.new(name, types.get(name, "unknown"))
            elif name in types:
                entity.type = "person"
            groups[name] = entity
            for key in surnames(name):
                people = self.by_surname.setdefault(key, [])
                if entity not in people:
                    people.append(entity)
        for mention in mentions:
            self.add(groups[mention.span.text], mention, SURE)

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
            for entity in self.by_surname.get(key, ()):
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
            if self.by_surname.get(name_words(mention.span.text)):
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
                found = known.get(self.acronyms.get(key[0], ())) or initials.get(key[0])
                if found is None and key[0] in ORG_HEADS and len(heads.get(key[0], ())) == 1:
                    found = heads[key[0]][0]
            vague = found is None and len(key) == 1 and key[0] in ORG_HEADS | ORG_NOUNS
            if found is None:
                name = mention.span.text
                office = self.tables.office(name)
                found = known.get(words_key(office.name)) if office else None
                found = found or self.new(office.name if office else name, mention.type, office)
                known[key] = found
                heads.setdefault(key[-1], []).append(found)
                letters = [w[0] for w in key if w not in ("of", "the", "for", "and")]
                if len(key) > 2:
                    initials.setdefault("".join(letters), found)
            self.add(found, mention, UNKNOWN if vague else SURE)

    def _join_shortened(self) -> None:
        """``Human Reach`` in an article that names Human Reach International."""
        longer: dict[tuple[str, ...], ArticleEntity] = {}
        for entity in self.entities:
            key = words_key(entity.name)
            if entity.type == "organization" and len(key) > 2 and key[-1] in _LEGAL_FORMS:
                longer[key[:-1]] = entity
        for entity in [e for e in self.entities if e.type == "unknown"] if longer else ():
            found = longer.get(words_key(entity.name))
            if found is None:
                continue
            for mention in entity.mentions:
                self.add(found, mention, SURE)
            self.entities.remove(entity)
            for bearers in self.by_surname.values():
                if entity in bearers:
                    bearers.remove(entity)


_LEGAL_FORMS = frozenset(
    "international group holdings inc ltd corp corporation company co llc plc limited".split()
)
_PLACE_BEFORE = frozenset("in to from of across outside near into through within visit".split())
