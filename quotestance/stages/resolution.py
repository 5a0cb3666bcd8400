"""From the words of a source or target to the person or organization that they mean."""

from __future__ import annotations

import bisect
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quotestance.quotes import Quote, Span
from quotestance.records import Article
from quotestance.stages.coreference import Coreference, Said
from quotestance.stages.entities import ArticleEntities, ArticleEntity
from quotestance.stages.gazetteer import MINISTRY_KINDS, Gazetteer, name_id
from quotestance.stages.lexicon import (
    FEMALE_HONORIFICS,
    FIRST,
    FIRST_PLURAL,
    HE,
    IT,
    MALE_HONORIFICS,
    SENTENCE_WORDS,
    SHE,
    TITLES,
)
from quotestance.stages.mention import Mention
from quotestance.stages.names import surnames
from quotestance.stages.offices import office
from quotestance.stages.phrases import Head, Phrases, noun_type
from quotestance.stages.tokens import Token

_CAMPAIGNS = re.compile(r"\b([^\W\d_][\w’'-]{0,40}?)(?:['’]s?)?\s+(?:presidential\s+)?(campaign|"
                        r"administration)\b")  # fmt: skip
_BYLINE = re.compile(r"(?:^|\n)\s*(?:By|BY)\s+$")
_SIGNATURE = re.compile(
    r"\s+(?:is|was|teaches|writes|covers|lives|reports|serves|works)\b|,\s+an?\b"
)
_GENERIC = frozenset("group company organization organisation agency outfit firm nonprofit".split())
_MEDIA = frozenset("paper newspaper network outlet magazine website site".split())


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


class Resolver:
    """Resolves noun phrases of one article.

    Args:
        article: The article.
        phrases: Reader of its noun phrases.
        entities: Its entities.
        coreference: Its pronouns and titles.
        tables: Organizations and places.
    """

    def __init__(
        self,
        article: Article,
        phrases: Phrases,
        entities: ArticleEntities,
        coreference: Coreference,
        tables: Gazetteer,
    ) -> None:
        self.article = article
        self.phrases = phrases
        self.entities = entities
        self.coreference = coreference
        self.tables = tables
        key = article.id or article.text
        self.article_key = hashlib.sha1(key.encode("utf-8", "surrogatepass")).hexdigest()
        self.author = self._find_author()
        self._campaigns = [
            (m.start(), m[1], m[2])
            for m in _CAMPAIGNS.finditer(article.text)
            if m[1][0].isupper() and m[1].casefold() not in SENTENCE_WORDS
        ]

    def source(
        self,
        span: Span,
        quote: Quote,
        previous: Quote | None,
        outer: Quote | None,
        said: Sequence[Said],
    ) -> list[Answer]:
        """Who the source of a quote is; two answers for two people.

        Args:
            span: The source, from its first to its last piece.
            quote: The quote.
            previous: The quote before it in the text, resolved.
            outer: The quote that encloses it, resolved.
            said: Earlier quotes whose speakers are known.
        """
        answers = []
        for head in self.phrases.heads(span):
            if head.form == "name":
                answers.append(self.name(head, as_speaker=True))
            elif head.form == "pronoun":
                answers.append(self._pronoun(head, previous, outer, said))
            elif head.form == "relative":
                answers.append(self._relative(head))
            elif head.form == "nominal":
                answers.append(self._nominal(head, previous, said))
            else:
                answers.append(Answer(None, "unknown", mention=head.span))
        named = [a for a in answers if a.name is not None]
        return named if named else answers[:1]

    def name(self, head: Head, as_speaker: bool) -> Answer:
        """Whom a name means."""
        assert head.mention is not None
        found = self.entities.of(head.mention)
        if found is None:
            return Answer(head.span.text, "unknown", mention=head.span, probability=0.5)
        entity, confidence = found
        if entity.type == "country" and as_speaker:
            return self._place(entity, head)
        if entity.type == "group" and as_speaker:
            return self._party(entity, head)
        return self.entity(entity, head.mention, confidence)

    def _party(self, entity: ArticleEntity, head: Head) -> Answer:
        """``Republicans`` and ``Senate Republicans`` have a name, ``some Republicans`` none."""
        words = tuple(w for w in head.words if w != "the")
        if len(words) == 2 and words[0] in ("house", "senate", "congressional", "state"):
            name = f"{words[0].capitalize()} {entity.name}"
            return Answer(name, "group", self._id(name), None, head.span, 0.8)
        if len(words) > 1:
            return Answer(None, "group", mention=head.span)
        return Answer(entity.name, "group", self._id(entity.name), None, head.span, 0.8)

    def entity(
        self,
        entity: ArticleEntity,
        mention: Mention,
        confidence: float,
        steps: tuple[str, ...] = (),
    ) -> Answer:
        """An answer that names an entity of the article."""
        here = mention.span.text
        role = entity.person.role_at(self.article.date) if entity.person else None
        if not steps and here != _first_name_of(entity):
            steps = (f"{here} -> {_first_name_of(entity)} [name]",)
        type_ = entity.type if entity.type != "unknown" else "person"
        return Answer(
            entity.name,
            type_,
            entity.identifier(self.article_key),
            role or entity.title,
            mention.span,
            confidence * entity.certainty,
            (*steps, *entity.steps),
            entity,
        )

    def _id(self, name: str) -> str:
        return name_id(name, self.article_key)

    def _place(self, entity: ArticleEntity, head: Head) -> Answer:
        """A place that speaks is its government; its people are a group without a name."""
        assert head.mention is not None
        known = head.mention.known
        if known is None or known.form == "adjective":
            return Answer(None, "group", mention=head.span)
        government = self.tables.government(known.country)
        step = f"{head.span.text} -> {government.name} [{known.form} of {known.country}]"
        return Answer(
            government.name, "organization", government.id, None, head.span, 0.85, (step,)
        )

    def _pronoun(
        self, head: Head, previous: Quote | None, outer: Quote | None, said: Sequence[Said]
    ) -> Answer:
        word = head.word
        if word in FIRST and outer is not None and outer.speakers:
            speaker = outer.speakers[0]
            step = f"{head.span.text} -> {speaker.name} [speaker of the enclosing quote]"
            return Answer(
                speaker.name, speaker.type, speaker.id, speaker.role, head.span,
                0.95 * (speaker.confidence or 0.0), (step, *speaker.steps),
            )  # fmt: skip
        if word in HE | SHE:
            return self.person_pronoun(head.span, word, said)
        if word in IT:
            return self._same_kind(head, previous, ("organization", "document"))
        if word in FIRST:
            return self._author(head)
        if word in FIRST_PLURAL:
            return Answer(None, "group", mention=head.span)
        return self._same_kind(head, previous, ("group",))

    def only_person_before(self, position: int) -> Answer:
        """Words in marks that nobody is said to say: the only person of the sentence before."""
        end = len(self.article.text[:position].rstrip(" \t\r\n\u00a0"))
        i = bisect.bisect_left(self.coreference.sentences, end) - 1
        start = self.coreference.sentences[max(i, 0)]
        named = {}
        for mention in self.phrases.mentions_in(Span(start, end)):
            found = self.entities.of(mention) if mention.form == "name" else None
            if found is not None and found[0].type == "person":
                named[id(found[0])] = found[0], mention
        if len(named) != 1:
            return Answer(None, "unknown")
        entity, mention = next(iter(named.values()))
        return self.entity(entity, mention, 0.65, ("the only person of the sentence before",))

    def _author(self, head: Head) -> Answer:
        """``I`` outside anybody's words is the author, where the article names one."""
        if self.author is None:
            return Answer(None, "person", mention=head.span)
        entity, mention = self.author
        step = f"{head.span.text} -> {mention.span.text} [author]"
        return replace(self.entity(entity, mention, 0.8, (step,)), mention=head.span)

    def _find_author(self) -> tuple[ArticleEntity, Mention] | None:
        """The person of a byline, or the one that the last paragraph introduces."""
        text = self.article.text
        last = text.rstrip().rfind("\n")
        for mention in self.phrases.mentions:
            found = self.entities.of(mention) if mention.form == "name" else None
            if found is None or found[0].type != "person" or " " not in mention.span.text:
                continue
            start, after = mention.span.start, text[mention.span.end : mention.span.end + 12]
            byline = start < 400 and _BYLINE.search(text[max(0, start - 12) : start])
            signed = 0 < last <= start <= last + 2 and found[0].starts[0] == start
            if byline or (signed and _SIGNATURE.match(after)):
                return found[0], mention
        return None

    def _same_kind(self, head: Head, previous: Quote | None, kinds: Sequence[str]) -> Answer:
        """``it`` and ``they`` after a quote of an organization, document or group."""
        for speaker in previous.speakers if previous is not None else ():
            if speaker.type in kinds:
                step = f"{head.span.text} -> {speaker.name} [speaker before]"
                return Answer(
                    speaker.name, speaker.type, speaker.id, speaker.role, head.span,
                    0.7 * (speaker.confidence or 0.0), (step, *speaker.steps),
                )  # fmt: skip
        return Answer(None, "group" if "group" in kinds else "organization", mention=head.span)

    def person_pronoun(
        self,
        span: Span,
        word: str,
        said: Sequence[Said],
        exclude: Sequence[ArticleEntity] = (),
        speakers_count: bool = True,
    ) -> Answer:
        """The person that ``he`` or ``she`` means."""
        gender = "m" if word in HE else "f"
        found = self.coreference.pronoun(span, gender, said, exclude, speakers_count)
        if found.entity is None:
            return Answer(None, "person", mention=span)
        mention = found.entity.before(span.start) or found.entity.mentions[0]
        step = f"{span.text} -> {mention.span.text} [coreference {found.probability:.2f}]"
        confidence = self.entities.of(mention)
        sure = found.probability * (confidence[1] if confidence else 1.0)
        steps = [step]
        if mention.span.text != _first_name_of(found.entity):
            steps.append(f"{mention.span.text} -> {_first_name_of(found.entity)} [name]")
        answer = self.entity(found.entity, mention, sure, tuple(steps))
        return replace(answer, mention=span, pronoun=span)

    def _relative(self, head: Head) -> Answer:
        """``who``, ``which``: the noun phrase right before it."""
        before = self.phrases.tokens_in(Span(max(0, head.span.start - 160), head.span.start))
        if not before:
            return Answer(None, "unknown", mention=head.span)
        before, mention = self._named_before(before, head.word)
        last = before[-1]
        if mention is not None and mention.form == "name":
            first = next(i for i, t in enumerate(before) if self.phrases.mention_over(t) is mention)
            while first > 1 and before[first - 1].key in ("the", "a", "an"):
                first -= 1
            if first >= 2 and before[first - 1].key in ("of", "for", "with", "from", "at"):
                kind = noun_type(before[first - 2].key)
                if kind in ("person", "group"):
                    return Answer(None, kind, mention=head.span)
            if head.word != "which" and mention.type in ("organization", "country"):
                return Answer(None, "person", mention=head.span)
            head_of = Head("name", mention.span, mention.type, last.key, mention)
            answer = self.name(head_of, as_speaker=True)
            step = f"{head.span.text} -> {mention.span.text} [relative clause]"
            return replace(answer, steps=(step, *answer.steps), mention=head.span)
        kind = noun_type(last.key)
        named = self._apposed(before) if kind == "person" else None
        return named or Answer(None, kind, mention=head.span)

    def _apposed(self, before: Sequence[Token]) -> Answer | None:
        """``Ana Ruiz, a lawyer who ...``: the name before the comma."""
        for token, following in zip(reversed(before[:-1]), reversed(before[1:]), strict=True):
            between = self.article.text[token.end : following.start]
            named = self.phrases.mention_over(token)
            if any(c in ".;:!?\n" for c in between):
                return None
            if "," in between and named is not None and named.form == "name":
                found = self.entities.of(named)
                if found is None or found[0].type != "person":
                    return None
                return self.entity(found[0], named, 0.9 * found[1], ("relative clause",))
        return None

    def _named_before(
        self, before: Sequence[Token], word: str
    ) -> tuple[Sequence[Token], Mention | None]:
        """Words up to what ``who`` can mean, without ``(D-Va.)`` and ``of Texas`` after it."""
        mention = self.phrases.mention_over(before[-1])
        if word not in ("who", "whom", "whose") or len(before) < 3:
            return before, mention
        for size in (1, 2, 3):
            short = before[: len(before) - size]
            if len(short) < 1:
                break
            rest = self.article.text[short[-1].end : before[-1].end].strip()
            place = mention is not None and mention.type == "country"
            other = self.phrases.mention_over(short[-1])
            if (
                other is not None
                and other.type == "person"
                and (
                    rest.startswith("(")
                    or (place and rest.startswith(("of ", ", of", ", D", ", R")))
                )
            ):
                return short, other
        return before, mention

    def _nominal(self, head: Head, previous: Quote | None, said: Sequence[Said]) -> Answer:
        if head.type == "organization":
            return self.organization(head, said)
        if head.type == "person" and head.definite:
            return self.titled(head, said)
        if head.type == "document":
            return self._document(head, previous)
        return Answer(None, head.type, mention=head.span)

    def titled(self, head: Head, said: Sequence[Said]) -> Answer:
        """The person of a title: somebody of the article, else the holder at its date."""
        country = self._country_of(head)
        gender = _noun_gender(head.word)
        title = " ".join(w for w in head.words if w in _TITLE_WORDS).removeprefix("the ")
        former = self._former(title) if "former" in head.words else None
        if former is not None:
            mention = former.before(head.span.start) or former.mentions[0]
            step = f"{head.span.text} -> {former.name} [former office, roster]"
            return replace(self.entity(former, mention, 0.85, (step,)), mention=head.span)
        found = self.coreference.titled(
            head.word, head.words, head.span.start, self.article.date, country
        )
        if found.entity is not None and gender in (None, found.entity.gender or gender):
            mention = found.entity.before(head.span.start) or found.entity.mentions[0]
            step = f"{head.span.text} -> {found.entity.name} [title {found.probability:.2f}]"
            answer = self.entity(found.entity, mention, found.probability, (step,))
            return replace(answer, mention=head.span)
        if title in TITLES and country and head.word in title and "former" not in head.words:
            person = self.entities.roster.lookup_role(title, country, self.article.date)
            if person is not None:
                step = f"{head.span.text} -> {person.name} [roster, {self.article.date}]"
                return Answer(
                    person.name, "person", person.id or name_id(person.name, "roster"),
                    person.role_at(self.article.date), head.span, 0.9, (step,),
                )  # fmt: skip
        if head.words[0] == "the" and gender is None:
            salient = self.coreference.pronoun(head.span, None, said)
            if salient.entity is not None and salient.probability > 0.9:
                entity = salient.entity
                mention = entity.before(head.span.start) or entity.mentions[0]
                step = f"{head.span.text} -> {entity.name} [coreference {salient.probability:.2f}]"
                sure = 0.65 * salient.probability
                return replace(self.entity(entity, mention, sure, (step,)), mention=head.span)
        owned = head.owner is not None and head.owner.form == "pronoun"
        if head.words[0] in ("the", "this") and not owned and gender is not None:
            word = "he" if gender == "m" else "she"
            answer = self.person_pronoun(head.span, word, said)
            return replace(answer, probability=0.7 * answer.probability, pronoun=None)
        return Answer(None, "person", mention=head.span)

    def _former(self, title: str) -> ArticleEntity | None:
        """The one person of the article who held an office before the article's date."""
        found = [
            entity
            for entity in self.coreference.people
            if entity.person is not None
            and any(
                office(t.role) == office(title) and t.end and t.end < (self.article.date or "")
                for t in entity.person.terms
            )
        ]
        return found[0] if len(found) == 1 else None

    def _country_of(self, head: Head) -> str | None:
        for mention in self.phrases.mentions_in(head.span):
            if mention.known is not None and mention.known.type == "country":
                return mention.known.country
        return None

    def organization(self, head: Head, said: Sequence[Said]) -> Answer:
        """``Trump's campaign``, ``China's foreign ministry``, ``the court``."""
        if head.word in ("government", "authorities") and self._named_after(head):
            place = self._named_after(head)
            name = self.tables.government(place).name
            return self._table_answer(head, name, name_id(name), place)
        if head.word in ("campaign", "administration"):
            return self._campaign(head, said)
        country = self._country_of(head)
        if country is not None:
            if head.word == "ministry":
                kind = " ".join(w for w in head.words if w in MINISTRY_KINDS)
                if kind:
                    known = self.tables.ministry(kind, country)
                    return self._table_answer(head, known.name, known.id, country)
            if head.word in ("government", "authorities"):
                known = self.tables.government(country)
                return self._table_answer(head, known.name, known.id, country)
            return Answer(None, "organization", mention=head.span)
        if head.definite and head.owner is None:
            return self._organization_before(head)
        return Answer(None, "organization", mention=head.span)

    def _named_after(self, head: Head) -> str:
        """The place in ``the government of Osmere``, as a country name; empty without one."""
        end = head.span.end
        if self.article.text[end : end + 4] != " of ":
            return ""
        for mention in self.phrases.mentions_in(Span(end + 4, end + 9)):
            known = mention.known
            return known.country if known is not None else mention.span.text
        return ""

    def _table_answer(self, head: Head, name: str, identifier: str, country: str) -> Answer:
        step = f"{head.span.text} -> {name} [office of {country}]"
        return Answer(name, "organization", identifier, None, head.span, 0.95, (step,))

    def _campaign(self, head: Head, said: Sequence[Said]) -> Answer:
        """The campaign or administration of somebody, named by the surname."""
        owner: str | None = None
        probability = 0.9
        if head.owner is not None and head.owner.form == "pronoun":
            if head.owner.span.text.casefold() in HE | SHE:
                word = head.owner.span.text.casefold()
                answer = self.person_pronoun(head.owner.span, word, said)
                owner, probability = answer.name, answer.probability
        elif head.owner is not None:
            found = self.entities.of(head.owner)
            owner = found[0].name if found is not None else head.owner.span.text
        else:
            i = bisect.bisect_left(self._campaigns, (head.span.start,))
            for _, name, noun in reversed(self._campaigns[max(0, i - 20) : i]):
                if noun == head.word:
                    owner, probability = name.removesuffix("'s").removesuffix("’s"), 0.7
                    break
        if owner is None:
            return Answer(None, "organization", mention=head.span)
        surname = owner.split()[-1] if surnames(owner) else owner
        name = f"{surname} {head.word}"
        step = f"{head.span.text} -> {name} [{head.word} of {owner}]"
        return Answer(name, "organization", self._id(name), None, head.span, probability, (step,))

    def _organization_before(self, head: Head) -> Answer:
        """The organization last named before that has the noun in its name or kind."""
        best: tuple[int, ArticleEntity] | None = None
        for entity in self.entities.entities:
            if entity.type != "organization":
                continue
            mention = entity.before(head.span.start)
            words = entity.name.casefold().split()
            kind = entity.known.kind if entity.known else ""
            fits = (
                head.word in words
                or head.word == kind
                or (head.word in _MEDIA and kind == "news")
                or (head.word in _GENERIC and mention is not None
                    and head.span.start - mention.span.start < 400
                    and kind in ("", "agency", "company", "association"))
            )  # fmt: skip
            if mention is not None and fits and (best is None or mention.span.start > best[0]):
                best = mention.span.start, entity
        if best is None:
            return Answer(None, "organization", mention=head.span)
        entity = best[1]
        step = f"{head.span.text} -> {entity.name} [named before]"
        mention = entity.before(head.span.start) or entity.mentions[0]
        return replace(self.entity(entity, mention, 0.7, (step,)), mention=head.span)

    def _document(self, head: Head, previous: Quote | None) -> Answer:
        """A document has the name of whose it is; ``the poll`` goes on with the one before."""
        if head.owner is not None and head.owner.form == "name":
            found = self.entities.of(head.owner)
            near = self.article.text[head.owner.span.end : head.span.end].count(" ") <= 2
            if found is not None and found[0].known is not None and near:
                words = self.article.text[head.owner.span.end : head.span.end]
                name = f"{found[0].name} {words.removeprefix('’s').removeprefix(chr(39) + 's')}"
                name = " ".join(name.split())
                step = f"{head.span.text} -> {name} [document of {found[0].name}]"
                return Answer(name, "document", self._id(name), None, head.span, 0.6, (step,))
        if head.definite and previous is not None:
            for speaker in previous.speakers:
                if speaker.type == "document" and (speaker.name or "").endswith(head.word):
                    step = f"{head.span.text} -> {speaker.name} [speaker before]"
                    return Answer(
                        speaker.name, "document", speaker.id, None, head.span, 0.6, (step,)
                    )
        return Answer(None, "document", mention=head.span)


_TITLE_WORDS = frozenset(w for t in TITLES for w in t.split())


def _noun_gender(word: str) -> str | None:
    if word in MALE_HONORIFICS or word in ("actor", "man", "father", "brother", "son", "husband"):
        return "m"
    female = ("actress", "woman", "mother", "sister", "daughter", "wife")
    return "f" if word in FEMALE_HONORIFICS or word in female else None


def _first_name_of(entity: ArticleEntity) -> str:
    """The name in the article that the steps of the entity begin with."""
    return entity.steps[0].split(" -> ")[0] if entity.steps else entity.name
