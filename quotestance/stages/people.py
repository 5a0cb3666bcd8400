"""People behind pronouns, titles, relative clauses and words that nobody is said to say."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import replace

from quotestance.quotes import Span
from quotestance.stages.coreference import Said
from quotestance.stages.entity import GUESS, ArticleEntity
from quotestance.stages.gazetteer import name_id
from quotestance.stages.introductions import called, of_age
from quotestance.stages.lexicon import (
    FEMALE_HONORIFICS,
    HE,
    MALE_HONORIFICS,
    SAME_OFFICE,
    SERVANTS,
    TITLES,
)
from quotestance.stages.mention import Mention
from quotestance.stages.names import name_words
from quotestance.stages.naming import Answer, Naming, first_name_of
from quotestance.stages.offices import office
from quotestance.stages.phrases import Head
from quotestance.stages.tokens import Token

_BYLINE = re.compile(r"(?:^|\n)\s*(?:By|BY)\s+$")
_SIGNATURE = re.compile(
    r"\s+(?:is|was|teaches|writes|covers|lives|reports|serves|works)\b|,\s+an?\b"
)
_LINES = 8  # after ``I`` in which the name of who signs is looked for
_TITLE_WORDS = frozenset(w for t in TITLES for w in t.split())
_PARTIES = {"democratic": "democrat", "democrat": "democrat", "republican": "republican",
            "gop": "republican"}  # fmt: skip
_LOOSE = frozenset("head chief leader boss executive".split())
_LEADERS = frozenset("president chancellor premier minister".split())
# Words that make another office of a title; who has one is not meant by the title alone.
_LESSER = frozenset("vice deputy lieutenant assistant".split())
_FILLERS = frozenset("the this that her his its their own a an former one".split())


class People:
    """Finds the person that words mean which are no name.

    Args:
        naming: The article.
    """

    def __init__(self, naming: Naming) -> None:
        self.naming = naming
        self.author = self._find_author()

    def pronoun(
        self,
        span: Span,
        word: str,
        said: Sequence[Said],
        exclude: Sequence[ArticleEntity] = (),
        speakers_count: bool = True,
    ) -> Answer:
        """The person that ``he`` or ``she`` means.

        Args:
            span: The pronoun.
            word: Folded.
            said: Earlier quotes whose speakers are known.
            exclude: Entities that it cannot be.
            speakers_count: Whether having spoken before makes one likelier.
        """
        gender = "m" if word in HE else "f"
        found = self.naming.coreference.pronoun(span, gender, said, exclude, speakers_count)
        if found.entity is None:
            return self._only_name_near(span, gender, exclude)
        mention = found.entity.before(span.start) or found.entity.mentions[0]
        step = f"{span.text} -> {mention.span.text} [coreference {found.probability:.2f}]"
        confidence = self.naming.entities.of(mention)
        certainty = confidence[1] if confidence else 1.0
        if said and said[-1].entity is found.entity:
            certainty = max(certainty, GUESS)
        sure = found.probability * certainty
        steps = [step]
        if mention.span.text != first_name_of(found.entity):
            steps.append(f"{mention.span.text} -> {first_name_of(found.entity)} [name]")
        answer = self.naming.entity(found.entity, mention, sure, tuple(steps))
        return replace(answer, mention=span, pronoun=span)

    def _only_name_near(
        self, span: Span, gender: str | None, exclude: Sequence[ArticleEntity] = ()
    ) -> Answer:
        """Where no person is known before: the one name just before it, or the first after it."""
        text, phrases = self.naming.article.text, self.naming.phrases
        low = max(text.rfind("\n", 0, max(0, text.rfind("\n", 0, span.start) - 1)), 0)
        before = self._full_names(phrases.mentions_in(Span(low, span.start)), gender, exclude)
        after: dict[int, tuple[ArticleEntity, Mention]] = {}
        if not before and gender is not None and span.start < 400:
            high = Span(span.end, span.end + 250)
            after = self._full_names(phrases.mentions_in(high), gender, exclude)
        found = before if len(before) == 1 else dict(list(after.items())[:1])
        if len(found) != 1:
            return Answer(None, "person", mention=span)
        entity, mention = next(iter(found.values()))
        step = f"{span.text} -> {mention.span.text} [the only name near]"
        answer = self.naming.entity(entity, mention, 0.65, (step,))
        return replace(answer, mention=span, pronoun=span, type="person")

    def _full_names(
        self, mentions: Sequence[Mention], gender: str | None, exclude: Sequence[ArticleEntity]
    ) -> dict[int, tuple[ArticleEntity, Mention]]:
        found: dict[int, tuple[ArticleEntity, Mention]] = {}
        for mention in mentions:
            of = self.naming.entities.of(mention) if mention.form == "name" else None
            if of is None or of[0] in exclude or of[0].type not in ("person", "unknown"):
                continue
            entity = of[0]
            if self.naming.coreference.shut_by_gender(entity, gender):
                continue
            full = len(name_words(entity.name)) in (2, 3) or entity.type == "person"
            if full and mention.gender != "n" and entity.gender in (gender, None):
                found.setdefault(id(entity), (entity, mention))
        return found

    def only_person_before(self, position: int) -> Answer:
        """Words in marks that nobody is said to say: the only person of the sentence before."""
        naming = self.naming
        end = len(naming.article.text[:position].rstrip(" \t\r\n\u00a0"))
        i = bisect.bisect_left(naming.coreference.sentences, end) - 1
        start = naming.coreference.sentences[max(i, 0)]
        named = {}
        for mention in naming.phrases.mentions_in(Span(start, end)):
            found = naming.entities.of(mention) if mention.form == "name" else None
            if found is not None and found[0].type == "person":
                named[id(found[0])] = found[0], mention
        if len(named) != 1:
            return Answer(None, "unknown")
        entity, mention = next(iter(named.values()))
        return naming.entity(entity, mention, 0.65, ("the only person of the sentence before",))

    def author_of(self, head: Head) -> Answer:
        """``I`` outside anybody's words is the author, where the article names one."""
        if self.author is None:
            return self.signer(head) or Answer(None, "person", mention=head.span)
        entity, mention = self.author
        step = f"{head.span.text} -> {mention.span.text} [author]"
        return replace(self.naming.entity(entity, mention, 0.8, (step,)), mention=head.span)

    def signer(self, head: Head) -> Answer | None:
        """``I`` and ``we`` in a letter that somebody signs below."""
        found = self._signs_below(head.span.end)
        if found is None:
            return None
        step = f"{head.span.text} -> {found[1].span.text} [signed]"
        answer = self.naming.entity(*found, 0.8, (step,))
        return replace(answer, mention=head.span, probability=max(answer.probability, 0.6))

    def _signs_below(self, position: int) -> tuple[ArticleEntity, Mention] | None:
        """Who signs a letter: the first line after a position that is a full name and no more.

        A line in capitals, as between the letters of a page, ends the search.
        """
        text = self.naming.article.text
        for _ in range(_LINES):
            start = text.find("\n", position) + 1
            end = text.find("\n", start) if start else -1
            line = text[start : end if end >= 0 else len(text)].strip()
            if not start or (line.isupper() and len(line) > 1):
                return None
            for mention in self.naming.phrases.mentions_in(Span(start, start + 1)):
                found = self.naming.entities.of(mention) if mention.form == "name" else None
                whole = mention.span.text == line.rstrip(". ") and " " in line
                if whole and found is not None and found[0].type in ("person", "unknown"):
                    return found[0], mention
            position = start
        return None

    def _find_author(self) -> tuple[ArticleEntity, Mention] | None:
        """The person of a byline, or the one that the last paragraph introduces."""
        text = self.naming.article.text
        last = text.rstrip().rfind("\n")
        for mention in self.naming.phrases.mentions:
            found = self.naming.entities.of(mention) if mention.form == "name" else None
            if found is None or found[0].type != "person" or " " not in mention.span.text:
                continue
            start, after = mention.span.start, text[mention.span.end : mention.span.end + 12]
            byline = start < 400 and _BYLINE.search(text[max(0, start - 12) : start])
            signed = 0 < last <= start <= last + 2 and found[0].starts[0] == start
            if byline or (signed and _SIGNATURE.match(after)):
                return found[0], mention
        return None

    def apposed(self, before: Sequence[Token]) -> Answer | None:
        """``Ana Ruiz, a lawyer who ...``: the name before the comma.

        Args:
            before: Words up to ``who``.
        """
        naming = self.naming
        for token, following in zip(reversed(before[:-1]), reversed(before[1:]), strict=True):
            between = naming.article.text[token.end : following.start]
            named = naming.phrases.mention_over(token)
            if any(c in ".;:!?\n" for c in between):
                return None
            if "," in between and named is not None and named.form == "name":
                found = naming.entities.of(named)
                if found is None or found[0].type != "person":
                    return None
                return naming.entity(found[0], named, 0.9 * found[1], ("relative clause",))
        return None

    def titled(
        self, head: Head, said: Sequence[Said], exclude: Sequence[ArticleEntity] = ()
    ) -> Answer:
        """The person of a title: somebody of the article, else the holder at its date.

        Args:
            head: ``the mayor``, ``Osmere's top diplomat``.
            said: Earlier quotes whose speakers are known.
            exclude: Entities that it cannot be.
        """
        title = " ".join(w for w in head.words if w in _TITLE_WORDS).removeprefix("the ")
        gender = noun_gender(head.word)
        former = self._former(title) if "former" in head.words else None
        if former is not None:
            mention = former.before(head.span.start) or former.mentions[0]
            step = f"{head.span.text} -> {former.name} [former office, roster]"
            return replace(self.naming.entity(former, mention, 0.85, (step,)), mention=head.span)
        if head.word in _TITLE_WORDS - SERVANTS:  # whose aide somebody is, is not that one
            exclude = [*exclude, *(p for p in self.naming.coreference.people if _serves(p, head))]
        aged = of_age(self.naming.article.text, self.naming.coreference.people, head.word)
        if len(aged) > 1:
            return Answer(None, "person", mention=head.span)
        for entity, mention in aged:
            step = f"{head.span.text} -> {entity.name} [age]"
            return replace(self.naming.entity(entity, mention, 0.9, (step,)), mention=head.span)
        answer = (
            self._of_the_article(head, gender, said, exclude)
            or self._of_the_roster(head, title)
            or self._salient(head, gender, said, exclude)
        )
        found = answer.entity if answer is not None and head.word in _LEADERS else None
        if answer is None or (found is not None and _LESSER & found.roles - set(head.words)):
            return Answer(None, "person", mention=head.span)
        return answer

    def _of_the_article(
        self,
        head: Head,
        gender: str | None,
        said: Sequence[Said],
        exclude: Sequence[ArticleEntity],
    ) -> Answer | None:
        """Somebody whom the article gives the title, by name, apposition or the roster."""
        naming, position = self.naming, head.span.start
        nouns = self._titles_of(head)
        parties = {_PARTIES[w] for w in head.words if w in _PARTIES}
        country = naming.country_of(head)
        modifiers = [w for w in head.words[:-1] if w not in _FILLERS]
        found = []
        for entity in naming.coreference.people:
            if entity in exclude or gender not in (None, entity.gender or gender):
                continue
            roles = self._roles(head, entity, country, parties)
            if not nouns & roles or _LESSER & roles - set(head.words) - {head.word}:
                continue
            before = entity.before(position)
            distance = position - before.span.start if before else 100_000
            agree = sum(w in roles for w in head.words) + len(parties & roles)
            last = bool(said) and said[-1].entity is entity
            found.append((agree, last, -distance, entity))
        if not found:
            return None
        if head.word == "minister" and "prime" not in head.words:
            found = [f for f in found if "prime" not in f[3].roles] or found
        best = max(found, key=lambda f: f[:3])
        entity = best[3]
        rivals = [f for f in found if f[0] == best[0]]
        sure = 0.9 if len(rivals) == 1 else 0.7 if best[1] else 0.6
        if parties and not parties & entity.roles:
            sure = 0.45
        if head.owner is not None and head.owner.form == "pronoun":
            sure = min(sure, 0.75 if called(naming.article.text, entity, head.words) else 0.45)
        known = entity.roles | {w for w in modifiers if called(naming.article.text, entity, (w,))}
        if modifiers and not country and not known & set(modifiers):
            sure -= 0.15 if len(naming.coreference.people) > 1 else 0.0
        mention = entity.before(position) or entity.mentions[0]
        step = f"{head.span.text} -> {entity.name} [title {sure:.2f}]"
        return replace(naming.entity(entity, mention, sure, (step,)), mention=head.span)

    def _titles_of(self, head: Head) -> frozenset[str]:
        """Words of titles that a noun can mean: ``the premier`` is a prime minister."""
        nouns = SAME_OFFICE.get(head.word, frozenset({head.word}))
        if self.naming.article.text.startswith(" of ", head.span.end) and head.word in _LOOSE:
            return frozenset({head.word})  # ``the head of the court`` is no party's leader
        if head.word in _LEADERS:  # a leader may be of a party or of rebels
            return nouns - {"leader"}
        if head.word == "diplomat" and {"top", "chief"} & set(head.words):
            return nouns | {"minister", "secretary"}
        return nouns

    def _roles(
        self, head: Head, entity: ArticleEntity, country: str | None, parties: set[str]
    ) -> set[str]:
        """Words of the titles of somebody whom nothing in the phrase rules out, else none."""
        date = self.naming.article.date
        held = entity.person.role_at(date) if entity.person is not None and date else None
        roles = entity.roles | (set(office(held).split()) if held else set())
        other_country = bool(country and entity.country and entity.country != country)
        other_party = bool(parties and roles & set(_PARTIES.values()) - parties)
        former = "former" in head.words and held is not None
        return set() if other_country or other_party or former else roles

    def _of_the_roster(self, head: Head, title: str) -> Answer | None:
        date, country = self.naming.article.date, self.naming.country_of(head)
        country = country or (self._home(head) if head.word in _LEADERS else None)
        if title not in TITLES or not country or head.word not in title or "former" in head.words:
            return None
        person = self.naming.entities.roster.lookup_role(title, country, date)
        if person is None:
            return None
        step = f"{head.span.text} -> {person.name} [roster, {date}]"
        return Answer(
            person.name, "person", person.id or name_id(person.name, "roster"),
            person.role_at(date), head.span, 0.9, (step,),
        )  # fmt: skip

    def _home(self, head: Head) -> str | None:
        """The country whose office holders the article names, where it is the same for all."""
        if head.words[0] != "the" or len(head.words) > 3:
            return None
        date = self.naming.article.date
        countries = {
            term.country
            for entity in self.naming.coreference.people
            if entity.person is not None
            for term in entity.person.terms
            if term.country and date and term.period.covers(date)
        }
        return countries.pop() if len(countries) == 1 else None

    def _salient(
        self,
        head: Head,
        gender: str | None,
        said: Sequence[Said],
        exclude: Sequence[ArticleEntity],
    ) -> Answer | None:
        """``the singer`` of whom the article speaks, where it speaks of nobody else nearby."""
        naming = self.naming
        end = head.span.end
        if self.naming.article.text[end : end + 4] == " of ":
            return None
        if gender is None and head.words[0] == "the":
            only = self._only_name_near(head.span, None, exclude)
            if only.name is not None:
                return replace(only, pronoun=None)
            found = naming.coreference.pronoun(head.span, None, said, exclude)
            if (
                found.entity is not None
                and found.probability > 0.9
                and (not self._another_name(head.span, found.entity))
            ):
                entity = found.entity
                mention = entity.before(head.span.start) or entity.mentions[0]
                step = f"{head.span.text} -> {entity.name} [salience {found.probability:.2f}]"
                sure = 0.65 * found.probability
                return replace(naming.entity(entity, mention, sure, (step,)), mention=head.span)
            return None
        owned = head.owner is not None and head.owner.form == "pronoun"
        if head.words[0] in ("the", "this") and not owned and gender is not None:
            word = "he" if gender == "m" else "she"
            answer = self.pronoun(head.span, word, said, exclude)
            return replace(answer, probability=0.55 * answer.probability, pronoun=None)
        return None

    def _another_name(self, span: Span, entity: ArticleEntity) -> bool:
        """Whether the sentence before names somebody else who may be a person."""
        sentences = self.naming.coreference.sentences
        i = bisect.bisect_right(sentences, span.start) - 1
        low = sentences[max(0, i - 1)]
        near = self.naming.phrases.mentions_in(Span(low, span.start))
        return any(key != id(entity) for key in self._full_names(near, None, ()))

    def _former(self, title: str) -> ArticleEntity | None:
        """The one person of the article who held an office before the article's date."""
        found = [
            entity
            for entity in self.naming.coreference.people
            if entity.person is not None
            and any(
                office(t.role) == office(title)
                and t.end
                and t.end < (self.naming.article.date or "")
                for t in entity.person.terms
            )
        ]
        return found[0] if len(found) == 1 else None


def _serves(entity: ArticleEntity, head: Head) -> bool:
    """Whether the article calls somebody an aide or the like, and never by the title asked for."""
    return bool(entity.roles & SERVANTS) and head.word not in entity.roles


def noun_gender(word: str) -> str | None:
    """``m`` or ``f`` for a noun that tells it, such as ``spokeswoman``."""
    if word in MALE_HONORIFICS or word in ("actor", "man", "father", "brother", "son", "husband"):
        return "m"
    female = ("actress", "woman", "mother", "sister", "daughter", "wife")
    return "f" if word in FEMALE_HONORIFICS or word in female else None
