"""Who a pronoun in the article means.

Every pronoun of the third person singular is resolved, in text order where it can be, because
each helps the next: to somebody named before it or shortly after, or to nobody. The network
scores pairs of pronoun and mention, all pronouns of the article in one call; with what it says,
plain features of the candidates are summed, see ``salience``.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quotestance.quotes import Span
from quotestance.stages.candidates import Candidates, Name
from quotestance.stages.entity import ArticleEntity
from quotestance.stages.lexicon import FIRST
from quotestance.stages.pronouns import Pronoun
from quotestance.stages.salience import ALONE, WITH_NETWORK, Features, Weights
from quotestance.stages.tokens import Token

Question = tuple[Span, Sequence[Span]]
"""A pronoun and the mentions that it may take up."""
AntecedentScorer = Callable[[Sequence[Question]], Sequence[Sequence[float]]]
"""For each question, a probability for each candidate and, last, for none of them."""

MENTION = 0.3  # a pronoun as probable as this is a mention; for a speaker's name more is asked
SURELY = 0.995  # who is "she" as probably as this is never "he"
_LEAST = 1e-3  # added to the network's probabilities, which may be 0


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
    """Resolves pronouns of one article.

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
        self.candidates = Candidates(text, tokens, entities, sentences, contents)
        self.scorer = scorer
        self.weights = weights or (ALONE if scorer is None else WITH_NETWORK)
        self._first_persons = [Span(t.start, t.end, t.text) for t in tokens if t.key in FIRST]
        self._known = {p.span.start for p in self.candidates.pronouns}
        self._means: dict[int, tuple[dict[int, float], ArticleEntity | None]] = {}
        self._meant_by: dict[int, dict[str, float]] = {}
        self._network = self._ask_network([p.span for p in self.candidates.pronouns])

    def _ask_network(self, spans: Sequence[Span]) -> dict[int, Sequence[float]]:
        """Probabilities of the names and pronouns of each window, last of none of them."""
        if self.scorer is None:
            return {}
        questions = []
        for span in spans:
            names, chain = self.candidates.window(span)
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
        if gender and span.start in self._known:
            means = {id(e): p for e, p in zip(options.entities, given, strict=False)}
            self._means[span.start] = means, answer.entity
            for key, p in means.items():
                genders = self._meant_by.setdefault(key, {})
                genders[gender] = max(genders.get(gender, 0.0), p)
        return answer

    def everyone(
        self, said: Sequence[Said], voices: Sequence[tuple[Span, ArticleEntity | None]]
    ) -> list[tuple[Span, ArticleEntity]]:
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

        out: list[tuple[Span, ArticleEntity]] = []
        for pronoun in self.candidates.pronouns:
            span = pronoun.span
            if span.start not in self._means:
                speakers = [e for e in around(span) if e is not None]
                self.pronoun(span, pronoun.gender, said, speakers)
            means, entity = self._means[span.start]
            if entity is not None and means[id(entity)] >= MENTION:
                out.append((span, entity))
        for span in self._first_persons:
            speaker = (around(span) or [None])[-1]
            if speaker is not None:
                out.append((span, speaker))
        return out

    def options(
        self,
        span: Span,
        gender: str | None,
        said: Sequence[Said],
        exclude: Sequence[ArticleEntity] = (),
    ) -> Options:
        """Candidates of a pronoun with their features; arguments as for ``pronoun``."""
        names, chain = self.candidates.window(span)
        before = said[: bisect.bisect_left(said, span.start, key=lambda q: q.position)][-4:]
        out: dict[int, ArticleEntity] = {id(n.entity): n.entity for n in names}
        out |= {id(q.entity): q.entity for q in before}
        shut = {id(e) for e in exclude}
        entities = [
            e for key, e in out.items() if key not in shut and not self.shut_by_gender(e, gender)
        ]
        network, null = self._from_network(span, names, chain)
        features = []
        for entity in entities:
            found = self.candidates.features(entity, span, gender, names)
            self._add_discourse(found, entity, span, gender, chain, before)
            if self.scorer is not None:
                found.network = math.log(network.get(id(entity), 0.0) + _LEAST)
            features.append(found)
        return Options(entities, features, null)

    def shut_by_gender(self, entity: ArticleEntity, gender: str | None) -> bool:
        """Whether pronouns of the other gender have surely meant somebody of unknown gender."""
        if gender is None or entity.gender in ("m", "f"):
            return False
        meant = self._meant_by.get(id(entity), {})
        return any(p >= SURELY > meant.get(gender, 0.0) for g, p in meant.items() if g != gender)

    def _from_network(
        self, span: Span, names: Sequence[Name], chain: Sequence[Pronoun]
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
        if gender and entity.gender not in ("m", "f"):
            genders = self._meant_by.get(id(entity), {})
            found.clash_before = max((p for g, p in genders.items() if g != gender), default=0.0)
        here = self.candidates.sentence_of_clause(span.start)
        for pronoun in reversed(chain):
            if pronoun.gender == gender and pronoun.span.start in self._means:
                if here - self.candidates.sentence(pronoun.span.start) <= 2:
                    means, _ = self._means[pronoun.span.start]
                    found.taken_up = means.get(id(entity), 0.0)
                break
        spoke = [q for q in said if q.entity is entity]
        if spoke:
            gap = here - self.candidates.sentence(max(spoke[-1].end - 1, 0))
            last = said[-1] is spoke[-1] and gap <= 2
            found.last_speaker, found.speaker = float(last), float(not last)
