"""Who a pronoun or a title in the article means.

Without a network, salience by a few plain features: distance in sentences, subject position,
who spoke last, gender and number. With a network, its antecedent probabilities are joined with
that prior.

Source: Lappin & Leass, "An Algorithm for Pronominal Anaphora Resolution" (1994), for salience
as a sum of weights; the weights here were set on ``polnear-stance-train``.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quotestance.quotes import Span
from quotestance.stages.entities import ArticleEntity
from quotestance.stages.offices import office

AntecedentScorer = Callable[[Span, Sequence[Span]], Sequence[float]]
"""``(pronoun, candidates) -> probabilities``: one for each candidate, the last for none."""

_MAX_SENTENCES = 12


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of salience, in natural logarithms of odds.

    Args:
        sentence: For each sentence between the pronoun and the candidate's last mention.
        paragraph: For each paragraph between.
        last_speaker: The candidate said the quote before, within two sentences.
        speaker: The candidate said the quote before, further off, or one of the last three.
        subject: The last mention is the first name of its sentence.
        quoted: The last mention stands inside somebody's words.
        gender: The candidate's gender is known and agrees (a clash excludes it).
        often: For each doubling of the number of mentions.
        null: For nobody in the article.
    """

    sentence: float = -0.65
    paragraph: float = -0.6
    last_speaker: float = 2.6
    speaker: float = 0.7
    subject: float = 0.9
    quoted: float = -1.5
    gender: float = 0.5
    often: float = 0.25
    null: float = -5.0


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


class Coreference:
    """Resolves pronouns and titles of one article.

    Args:
        text: The article.
        people: Entities that can be a person.
        sentences: Where sentences begin.
        contents: Contents of all quotes, so that words in them weigh less.
        scorer: Antecedent probabilities of the network, or None.
        weights: Weights of salience.
    """

    def __init__(
        self,
        text: str,
        people: Sequence[ArticleEntity],
        sentences: Sequence[int],
        contents: Sequence[Span],
        scorer: AntecedentScorer | None = None,
        weights: Weights = Weights(),
    ) -> None:
        self.people = people
        self.sentences = sentences
        self.paragraphs = [i for i, c in enumerate(text) if c == "\n"]
        self.contents = sorted((c.start, c.end) for c in contents)
        self.scorer = scorer
        self.weights = weights
        self.first_names: dict[int, int] = {}
        for entity in people:
            for start in entity.starts:
                sentence = self._sentence(start)
                self.first_names[sentence] = min(start, self.first_names.get(sentence, start))

    def _sentence(self, position: int) -> int:
        return bisect.bisect_right(self.sentences, position)

    def _quoted(self, position: int) -> bool:
        i = bisect.bisect_right(self.contents, (position, math.inf)) - 1
        return any(s <= position < e for s, e in self.contents[max(0, i - 2) : i + 1])

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
            said: Quotes before it whose speakers are known, in text order.
            exclude: Entities that it cannot be.
            speakers_count: Whether having spoken before makes one likelier.
        """
        scores: dict[int, float] = {}
        entities: dict[int, ArticleEntity] = {}
        for entity in self.people:
            if entity in exclude or (gender and entity.gender not in (gender, None)):
                continue
            score = self._salience(entity, span.start, gender, said if speakers_count else ())
            if score is not None:
                scores[id(entity)] = score
                entities[id(entity)] = entity
        if not scores:
            return Antecedent(None, 1.0)
        total = sum(math.exp(s) for s in scores.values()) + math.exp(self.weights.null)
        prior = {k: math.exp(s) / total for k, s in scores.items()}
        if self.scorer is not None:
            prior = self._with_network(span, prior, entities)
        best = max(prior, key=lambda k: prior[k])
        return Antecedent(entities[best], prior[best])

    def _with_network(
        self, span: Span, prior: dict[int, float], entities: dict[int, ArticleEntity]
    ) -> dict[int, float]:
        """Prior and network multiplied: each is half blind to what the other sees."""
        assert self.scorer is not None
        spans, owners = [], []
        for key, entity in entities.items():
            i = bisect.bisect_left(entity.starts, span.start)
            for mention in entity.mentions[max(0, i - 8) : i]:
                spans.append(mention.span)
                owners.append(key)
        if not spans:
            return prior
        given = self.scorer(span, spans)
        network = dict.fromkeys(prior, 1e-3)
        for key, p in zip(owners, given, strict=False):
            network[key] += p
        none = max(given[len(spans)], 1e-3) if len(given) > len(spans) else 1e-3
        rest = max(1.0 - sum(prior.values()), 1e-3)
        joint = {k: math.sqrt(prior[k] * network[k]) for k in prior}
        total = sum(joint.values()) + math.sqrt(rest * none)
        return {k: v / total for k, v in joint.items()}

    def _salience(
        self, entity: ArticleEntity, position: int, gender: str | None, said: Sequence[Said]
    ) -> float | None:
        w = self.weights
        score = w.often * math.log2(1 + len(entity.mentions))
        here = self._sentence(position)
        spoke = [q for q in said[-4:] if q.entity is entity and q.position < position]
        best: float | None = None
        i = bisect.bisect_left(entity.starts, position)
        for mention in entity.mentions[max(0, i - 4) : i]:
            start = mention.span.start
            sentence = self._sentence(start)
            value = w.sentence * min(here - sentence, _MAX_SENTENCES)
            value += w.paragraph * self._paragraphs_between(start, position)
            value += w.subject * (self.first_names.get(sentence) == start)
            value += w.quoted * self._quoted(start)
            best = value if best is None else max(best, value)
        if spoke:
            last = said[-1] is spoke[-1]
            gap = here - self._sentence(max(spoke[-1].end - 1, 0))
            value = w.sentence * min(max(gap, 0), _MAX_SENTENCES)
            value += w.last_speaker if last and gap <= 2 else w.speaker
            best = value if best is None else max(best, value)
        if best is None:
            return None
        return score + best + w.gender * (gender is not None and entity.gender == gender)

    def _paragraphs_between(self, start: int, end: int) -> int:
        i = bisect.bisect_left(self.paragraphs, start)
        return min(bisect.bisect_left(self.paragraphs, end) - i, _MAX_SENTENCES)

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
