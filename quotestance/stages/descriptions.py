"""What an article says of its entities: gender, title, country, roles, and who is a person."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Sequence

from quotestance.stages.entity import (
    AMBIGUOUS,
    ArticleEntity,
    gender_of,
)
from quotestance.stages.gazetteer import words_key
from quotestance.stages.grouping import Grouping
from quotestance.stages.kinds import COMPANIES
from quotestance.stages.lexicon import (
    ORG_HEADS,
    ORG_NOUNS,
    PERSON_NOUNS,
    SERVANTS,
    TITLES,
)
from quotestance.stages.mention import Mention
from quotestance.stages.names import (
    name_words,
)
from quotestance.stages.tokens import Token


class Descriptions:
    """Reads titles, appositions and verbs around the names of an article.

    Args:
        text: The article.
        tokens: Its words.
        mentions: Its mentions.
        grouping: Its entities, which are described in place.
    """

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        mentions: Sequence[Mention],
        grouping: Grouping,
    ) -> None:
        self.text = text
        self.mentions = mentions
        self.grouping = grouping
        for entity in grouping.entities:
            self._describe(entity)
        self._roles_from_text(tokens)
        self._likely_people()

    def _describe(self, entity: ArticleEntity) -> None:
        """Gender, title and country from the mentions of an entity."""
        entity.gender = gender_of(entity)
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
        return self.grouping.of[mention.span.start, mention.span.end][1] > AMBIGUOUS

    def _likely_people(self) -> None:
        """Full names whose surname comes again alone, or that never follow ``the``."""
        for entity in self.grouping.entities:
            if entity.type != "unknown" or len(name_words(entity.name)) not in (2, 3):
                continue
            again = any(len(name_words(m.span.text)) == 1 for m in entity.mentions)
            article = any(
                self.grouping.word_before.get(m.span.start) == "the" for m in entity.mentions
            )
            verb = any(_VERB.match(self.text, m.span.end) for m in entity.mentions)
            if not article and not entity.name.isupper() and (again or verb):
                entity.type = "person"

    def _roles_from_text(self, tokens: Sequence[Token]) -> None:
        """Common nouns for people right before a name, or in apposition right after it."""
        starts = [t.start for t in tokens]
        for mention in self.mentions:
            found = (
                self.grouping.of.get((mention.span.start, mention.span.end))
                if mention.form == "name"
                else None
            )
            if found is None or found[0].type in ("country", "group"):
                continue
            entity = found[0]
            i = bisect.bisect_left(starts, mention.span.start)
            j = bisect.bisect_left(starts, mention.span.end)
            before, after = self._role_words(tokens, i, j)
            entity.nouns |= self._apposed_noun(tokens, j, after)
            if before and self._apposed_before(before[-1], mention):
                entity.nouns.add(before[-1].key)
            if self._trades(mention):
                entity.nouns.add("company")
            if entity.type == "organization":
                continue
            roles = {t.key for t in (*before, *after) if t.key in _ROLES}
            organization = entity.nouns & (ORG_NOUNS | ORG_HEADS) and not roles & PERSON_NOUNS
            if roles & PERSON_NOUNS or _is_age(after):
                entity.type = "person"
            elif organization and entity.type == "unknown":
                entity.type = "organization"
            entity.roles |= roles

    def _apposed_before(self, word: Token, mention: Mention) -> bool:
        """``the retailer Osmere Foods``: the noun right before the name of an organization."""
        close = self.text[word.end : mention.span.start] == " " and not word.possessive
        noun = word.key in _ORGANIZATIONS
        return close and noun and not word.capital and mention.type != "person"

    def _trades(self, mention: Mention) -> bool:
        """``shares in Osmere Chemworks``, ``Chemworks shares``: the name of a company."""
        start, end = mention.span.start, mention.span.end
        before = self.text[max(0, start - 12) : start].casefold()
        return before.endswith(_SHARES_IN) or _SHARES.match(self.text, end) is not None

    def _apposed_noun(self, tokens: Sequence[Token], j: int, after: Sequence[Token]) -> set[str]:
        """The head noun of an apposition: ``theatre`` in ``, Osmere's oldest theatre,``."""
        if not after or "," not in self.text[tokens[j - 1].end : after[0].start]:
            return set()
        words = list(itertools.takewhile(lambda t: t.key not in _STOPS, after))
        return {words[-1].key} if words and not words[-1].capital and len(words) > 1 else set()

    def _phrase_before(self, tokens: Sequence[Token], i: int) -> int:
        """First word of the phrase that ends in a comma before word ``i``."""
        low = max(0, i - 7)
        for k in range(i - 1, low, -1):
            gap = self.text[tokens[k - 1].end : tokens[k].start]
            if any(c in _STOP_MARKS for c in gap) or tokens[k].key in ("and", "but"):
                return k
            if tokens[k].possessive or tokens[k].key in _DETERMINERS:
                return k + 1
        return low

    def _servant(self, tokens: Sequence[Token], low: int, i: int) -> Token | None:
        """The noun in ``a spokeswoman for the mayor,``: the title in it is somebody else's."""
        for k in range(max(1, low - 3), i - 1):
            of = tokens[k].key in ("for", "to", "of") and tokens[k - 1].key in SERVANTS
            between = self.text[tokens[k].end : tokens[i - 1].start]
            if of and not any(c in _STOP_MARKS for c in between):
                return tokens[k - 1]
        return None

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
            low = self._phrase_before(tokens, i)
            servant = self._servant(tokens, low, i)
            if servant is not None:
                return (servant,), ()
        gap = text[tokens[i - 1].end : tokens[i].start] if i else " "
        begins = gap != " " and any(c in '.;:!?\n"“”' for c in gap)
        before = () if begins else tokens[max(0, low) : i]
        if j >= len(tokens):
            return before, ()
        start = text[tokens[j - 1].end : tokens[j].start]
        if "," not in start and tokens[j].key not in _COPULAS:
            return before, ()
        high = j
        while high < min(len(tokens), j + 9) and not (tokens[high].capital and high > j + 1):
            gap = text[tokens[high - 1].end : tokens[high].start]
            if high > j and any(c in _STOP_MARKS for c in gap):
                break
            high += 1
        return before, _predicate(tokens[j:high])


_VERB = re.compile(
    r",? (?:said|says|told|tells|added|has|had|was|is|who|whose|will|did|does|wants|did|went|"
    r"came|lost|won|broke|visited|called|spoke|asked|began|left|took|made|ran|met|bought|sold|wrote|"
    r"led|drew|grew|knew|paid|sent|stood|sat|thought|threw|taught|sang|spent|wore|drove|gave|held|"
    r"heard|kept|meant|rose|shot|slept|stuck|wept|woke|fought|flew|fell|found|got|hopes|believes|"
    r"thinks|plans|argues|warns|insists|remembers|[a-z]{3,}ed)\b"
)
_ORGANIZATIONS = (ORG_NOUNS | COMPANIES) - {"center", "centre"}  # a center may be a player
_SHARES_IN = ("shares in ", "shares of ", "stake in ", "shares in the ")
_SHARES = re.compile(r"(?:['’]s?)? (?:shares|stock|shareholders|Chief Executive|CEO)\b")
_STOPS = frozenset("of for in at who whom which that and with to on from based whose".split())
_ROLES = PERSON_NOUNS | frozenset(w for title in TITLES for w in title.split()) - {"of", "the"}
_STOP_MARKS = ',.;:!?\n"“”'
_DETERMINERS = frozenset("the a an its his her their our my".split())
_COPULAS = frozenset("is was became becomes who as elected has had will".split())
_ADDRESSES = frozenset({"mr", "mrs", "ms", "miss", "mx", "sir", "dame", "lord", "lady", "dr"})


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
