"""Who a pronoun or a title in the article means.

Every pronoun of the third person singular is resolved, in text order where it can be, because
each helps the next: to somebody named before it or shortly after, or to nobody. The network
scores pairs of pronoun and mention, all pronouns of the article in one call; with what it says,
plain features of the candidates are summed, see ``salience``.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from quotestance.quotes import Span
from quotestance.stages.entity import ArticleEntity
from quotestance.stages.lexicon import FIRST
from quotestance.stages.offices import office
from quotestance.stages.pronouns import Pronoun, find_pronouns
from quotestance.stages.salience import ALONE, WITH_NETWORK, Features, Weights
from quotestance.stages.tokens import Token

Question = tuple[Span, Sequence[Span]]
"""A pronoun and the mentions that it may take up."""
AntecedentScorer = Callable[[Sequence[Question]], Sequence[Sequence[float]]]
"""For each question, a probability for each candidate and, last, for none of them."""

_BEFORE, _AFTER, _CHAIN = 24, 4, 6  # names before and after, pronouns before
_REACH, _REACH_AFTER = 3000, 300  # code points that these are sought in
MENTION = 0.3  # a pronoun as probable as this is a mention; for a speaker's name more is asked
_LEAST = 1e-3  # added to the network's probabilities, which may be 0
_PREPOSITIONS = frozenset("of by with to for from at on in about against between than and".split())


@dataclass(frozen=True, slots=True)
class Said:
    """A quote whose speaker is known, for salience.

    Args:
        position: Where its source or, failing that, its content begins.
        end: Where it ends.
        entity: Its speaker.
    """

    position: int
    end: int
    entity: ArticleEntity


@dataclass(frozen=True, slots=True)
class Antecedent:
    """An answer: the entity and the probability that it is the one."""

    entity: ArticleEntity | None
    probability: float


class _Name(NamedTuple):
    """A named mention of somebody, with what salience asks of it."""

    start: int
    span: Span
    entity: ArticleEntity
    sentence: int
    first: bool
    possessor: bool
    governed: bool
    quoted: bool


@dataclass(frozen=True, slots=True)
class Options:
    """The candidates of one pronoun.

    Args:
        entities: Whom it may mean.
        features: What speaks for each.
        null: Logarithm of the network's probability of nobody, 0 without a network.
    """

    entities: list[ArticleEntity]
    features: list[Features]
    null: float


class Coreference:
    """Resolves pronouns and titles of one article.

    Args:
        text: The article.
        tokens: Its words.
        entities: Its entities; those that are a person or may be one are candidates.
        sentences: Where sentences begin.
        contents: Contents of all quotes, so that words in them weigh less.
        scorer: Antecedent probabilities of the network, or None.
        weights: Weights of salience; by default those fitted with or without a network.
    """

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        entities: Sequence[ArticleEntity],
        sentences: Sequence[int],
        contents: Sequence[Span],
        scorer: AntecedentScorer | None = None,
        weights: Weights | None = None,
    ) -> None:
        self.people = [e for e in entities if e.type == "person"]
        self.sentences = sentences
        self.paragraphs = [i for i, c in enumerate(text) if c == "\n"]
        self.contents = sorted((c.start, c.end) for c in contents)
        self.scorer = scorer
        self.weights = weights or (ALONE if scorer is None else WITH_NETWORK)
        self.pronouns = find_pronouns(text, tokens)
        self._first_persons = [Span(t.start, t.end, t.text) for t in tokens if t.key in FIRST]
        self._names = self._read_names(
            text, tokens, [e for e in entities if e.type in ("person", "unknown")]
        )
        self._first = next((n.entity for n in self._names if n.entity.type == "person"), None)
        self._at = {p.span.start: i for i, p in enumerate(self.pronouns)}
        self._means: dict[int, tuple[dict[int, float], ArticleEntity | None]] = {}
        self._meant_by: dict[int, dict[str, float]] = {}
        self._network = self._ask_network([p.span for p in self.pronouns])

    def _read_names(
        self, text: str, tokens: Sequence[Token], entities: Sequence[ArticleEntity]
    ) -> list[_Name]:
        starts = [t.start for t in tokens]
        names: list[_Name] = []
        pairs = ((m.span, e) for e in entities for m in e.mentions)
        for span, entity in sorted(pairs, key=lambda pair: pair[0].start):
            i = bisect.bisect_left(starts, span.start)
            sentence = self._sentence(span.start)
            before = tokens[i - 1].key if i else ""
            names.append(
                _Name(
                    span.start,
                    span,
                    entity,
                    sentence,
                    not names or names[-1].sentence != sentence,
                    text[span.end : span.end + 2] in ("'s", "’s"),
                    before in _PREPOSITIONS,
                    self._quoted(span.start),
                )
            )
        return names

    def _sentence(self, position: int) -> int:
        return bisect.bisect_right(self.sentences, position)

    def _quoted(self, position: int) -> bool:
        i = bisect.bisect_right(self.contents, (position, math.inf)) - 1
        return any(s <= position < e for s, e in self.contents[max(0, i - 2) : i + 1])

    def _window(self, span: Span) -> tuple[list[_Name], list[Pronoun]]:
        """Names around a pronoun and pronouns before it, each in text order."""
        high = bisect.bisect_left(self._names, span.start, key=lambda n: n.start)
        far = span.start - _REACH
        names = [n for n in self._names[max(0, high - _BEFORE) : high] if n.start > far]
        after = self._names[high : high + _AFTER]
        names += [n for n in after if span.end <= n.start < span.end + _REACH_AFTER]
        i = bisect.bisect_left(self.pronouns, span.start, key=lambda p: p.span.start)
        chain = [p for p in self.pronouns[max(0, i - _CHAIN) : i] if p.span.start > far]
        return names, chain

    def _ask_network(self, spans: Sequence[Span]) -> dict[int, Sequence[float]]:
        """Probabilities of the names and pronouns of each window, last of none of them."""
        if self.scorer is None:
            return {}
        questions = []
        for span in spans:
            names, chain = self._window(span)
            questions.append((span, [*(n.span for n in names), *(p.span for p in chain)]))
        given = self.scorer(questions)
        return {span.start: p for span, p in zip(spans, given, strict=True)}

    def pronoun(
        self,
        span: Span,
        gender: str | None,
        said: Sequence[Said],
        exclude: Sequence[ArticleEntity] = (),
        speakers_count: bool = True,
    ) -> Antecedent:
        """The person that a pronoun of the third person singular means.

        Args:
            span: The pronoun.
            gender: ``m``, ``f`` or None.
            said: Quotes whose speakers are known, in text order; those before it count.
            exclude: Entities that it cannot be.
            speakers_count: Whether having spoken before makes one likelier.
        """
        options = self.options(span, gender, said if speakers_count else (), exclude)
        given = self.weights.probabilities(options.features, options.null)
        best = max(range(len(options.entities)), key=given.__getitem__, default=None)
        answer = Antecedent(None, 1.0)
        if best is not None:
            answer = Antecedent(options.entities[best], given[best])
        if gender and span.start in self._at:
            means = {id(e): p for e, p in zip(options.entities, given, strict=False)}
            self._means[span.start] = means, answer.entity
            for key, p in means.items():
                genders = self._meant_by.setdefault(key, {})
                genders[gender] = max(genders.get(gender, 0.0), p)
        return answer

    def everyone(
        self, said: Sequence[Said], voices: Sequence[tuple[Span, ArticleEntity | None]]
    ) -> Iterator[tuple[Span, ArticleEntity]]:
        """Every pronoun whose meaning is likely (``MENTION``); those asked before keep theirs.

        Args:
            said: Quotes whose speakers are known, in text order.
            voices: Words in marks and whose they are, where that is known: who is ``I`` in them,
                and neither he nor she.
        """
        voices = sorted(voices, key=lambda voice: voice[0])
        starts = [span.start for span, _ in voices]

        def around(span: Span) -> list[ArticleEntity | None]:
            i = bisect.bisect_right(starts, span.start)
            return [e for s, e in voices[max(0, i - 3) : i] if span.end <= s.end]

        for pronoun in self.pronouns:
            span = pronoun.span
            if span.start not in self._means:
                speakers = [e for e in around(span) if e is not None]
                self.pronoun(span, pronoun.gender, said, speakers)
            means, entity = self._means[span.start]
            if entity is not None and means[id(entity)] >= MENTION:
                yield span, entity
        for span in self._first_persons:
            speaker = (around(span) or [None])[-1]
            if speaker is not None:
                yield span, speaker

    def options(
        self,
        span: Span,
        gender: str | None,
        said: Sequence[Said],
        exclude: Sequence[ArticleEntity] = (),
    ) -> Options:
        """Candidates of a pronoun with their features; arguments as for ``pronoun``."""
        names, chain = self._window(span)
        before = said[: bisect.bisect_left(said, span.start, key=lambda q: q.position)][-4:]
        out: dict[int, ArticleEntity] = {id(n.entity): n.entity for n in names}
        out |= {id(q.entity): q.entity for q in before}
        shut = {id(e) for e in exclude}
        entities = [e for key, e in out.items() if key not in shut]
        network, null = self._from_network(span, names, chain)
        features = []
        for entity in entities:
            found = self._features(entity, span, gender, names)
            self._add_discourse(found, entity, span, gender, chain, before)
            if self.scorer is not None:
                found.network = math.log(network.get(id(entity), 0.0) + _LEAST)
            features.append(found)
        return Options(entities, features, null)

    def _from_network(
        self, span: Span, names: Sequence[_Name], chain: Sequence[Pronoun]
    ) -> tuple[dict[int, float], float]:
        """Probability of each entity, and the logarithm of that of nobody.

        What falls on an earlier pronoun goes to those that it means, in proportion.
        """
        if self.scorer is None:
            return {}, 0.0
        if span.start not in self._network:
            self._network |= self._ask_network([span])
        given = self._network[span.start]
        found: dict[int, float] = {}
        for name, p in zip(names, given, strict=False):
            found[id(name.entity)] = found.get(id(name.entity), 0.0) + p
        none = given[-1]
        for pronoun, p in zip(chain, given[len(names) :], strict=False):
            means, _ = self._means.get(pronoun.span.start, ({}, None))
            for key, share in means.items():
                found[key] = found.get(key, 0.0) + p * share
            none += p * (1.0 - sum(means.values())) if means else 0.0
        return found, math.log(none + _LEAST)

    def _features(
        self, entity: ArticleEntity, span: Span, gender: str | None, names: Sequence[_Name]
    ) -> Features:
        """What the mentions of a candidate and its gender say."""
        case = self.pronouns[self._at[span.start]].case if span.start in self._at else "subject"
        here = self._sentence(span.start)
        found = Features(
            often=math.log2(1 + len(entity.mentions)),
            first=float(entity is self._first),
            unknown=float(entity.type != "person"),
        )
        if gender and entity.gender in ("m", "f"):
            found.agree = float(entity.gender == gender)
            found.clash = 1.0 - found.agree
        elif gender:
            genders = self._meant_by.get(id(entity), {})
            found.clash_before = max((p for g, p in genders.items() if g != gender), default=0.0)
        before = [i for i, n in enumerate(names) if n.entity is entity and n.start < span.start]
        if not before:
            named = any(n.entity is entity for n in names)
            found.after = float(named)
            found.after_possessive = float(named and case == "possessive")
            found.sentences, found.paragraphs = (0.0, 0.0) if named else (6.0, 4.0)
            return found
        near = names[before[-1]]
        gap = here - near.sentence
        found.same_sentence = float(gap == 0)
        found.sentences = float(min(max(gap - 1, 0), 6))
        found.paragraphs = float(self._paragraphs_between(near.start, span.start))
        count = sum(n.start < span.start for n in names)
        found.between = math.log(count - before[-1])
        found.subject = float(near.first)
        found.parallel = float(near.first and case == "subject")
        found.possessor = float(near.possessor)
        found.governed = float(near.governed)
        found.quoted = float(near.quoted and not self._quoted(span.start))
        found.object = float(case == "object" and gap == 0)
        return found

    def _add_discourse(
        self,
        found: Features,
        entity: ArticleEntity,
        span: Span,
        gender: str | None,
        chain: Sequence[Pronoun],
        said: Sequence[Said],
    ) -> None:
        """What earlier pronouns and quotes say."""
        here = self._sentence(span.start)
        for pronoun in reversed(chain):
            if pronoun.gender == gender and pronoun.span.start in self._means:
                if here - self._sentence(pronoun.span.start) <= 2:
                    means, _ = self._means[pronoun.span.start]
                    found.taken_up = means.get(id(entity), 0.0)
                break
        spoke = [q for q in said if q.entity is entity]
        if spoke:
            gap = here - self._sentence(max(spoke[-1].end - 1, 0))
            last = said[-1] is spoke[-1] and gap <= 2
            found.last_speaker, found.speaker = float(last), float(not last)

    def _paragraphs_between(self, start: int, end: int) -> int:
        i = bisect.bisect_left(self.paragraphs, start)
        return min(bisect.bisect_left(self.paragraphs, end) - i, 4)

    def titled(
        self,
        word: str,
        words: Sequence[str],
        position: int,
        date: str | None,
        country: str | None,
    ) -> Antecedent:
        """The person of the article whose title or apposition has a noun.

        Args:
            word: The folded head noun, such as ``senator``.
            words: All folded words of the phrase.
            position: Where the phrase begins.
            date: Day of the article.
            country: Country that the phrase names, which the person's must not contradict.
        """
        found = []
        for entity in self.people:
            held = entity.person.role_at(date) if entity.person and date else None
            roles = set(entity.roles)
            if held is not None:
                roles |= set(office(held).split())
            if word not in roles or ("former" in words and held is not None):
                continue
            if country and entity.country and entity.country != country:
                continue
            before = entity.before(position)
            distance = position - before.span.start if before else 100_000
            agree = sum(w in roles for w in words)
            current = held is not None and word in office(held).split()
            found.append((agree, current, -distance, entity))
        if not found:
            return Antecedent(None, 1.0)
        best = max(found, key=lambda f: f[:3])
        rivals = [f for f in found if f[:2] == best[:2]]
        return Antecedent(best[3], 0.9 if len(rivals) == 1 else 0.65)
