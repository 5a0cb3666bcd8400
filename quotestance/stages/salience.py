"""How well somebody of the article fits a pronoun, as a sum of weighted features.

Source: Lappin & Leass, "An Algorithm for Pronominal Anaphora Resolution" (1994), for salience as
a sum; the weights are those of a conditional logit (McFadden 1974) over the candidates, fitted by
``scripts/fit_coreference.py`` on ``gap-train`` and ``polnear-stance-train``; how far to trust them
beside the network, on the dev files.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Features:
    """What speaks for and against one candidate, each a number of about 0 to 6.

    Args:
        network: Logarithm of the network's probability; 0 without a network.
        same_sentence: The nearest mention before stands in the pronoun's sentence.
        sentences: Sentences between the pronoun and that mention, at most 6.
        paragraphs: Paragraphs between, at most 4.
        between: Logarithm of one more than the names that stand between.
        subject: The nearest mention is the first name of its sentence.
        parallel: The same, for a pronoun that is a subject.
        possessor: The nearest mention has a possessive.
        governed: The nearest mention follows a preposition.
        quoted: It stands inside somebody's words and the pronoun does not.
        object: The pronoun is an object and the mention stands in its sentence.
        often: Binary logarithm of one more than the number of mentions.
        first: The first person that the text names.
        after: The candidate is named after the pronoun only.
        after_possessive: The same, for ``her`` and ``his`` before a noun.
        agree: The candidate's gender is known and agrees.
        clash: It is known and differs.
        clash_before: It is not known; how probably some pronoun of the other gender meant the
            candidate.
        taken_up: Probability that the pronoun before, of the same gender, meant the candidate.
        last_speaker: The candidate said the quote before, within two sentences.
        speaker: The candidate said one of the last four quotes.
        unknown: It is not certain that the candidate is a person.
    """

    network: float = 0.0
    same_sentence: float = 0.0
    sentences: float = 0.0
    paragraphs: float = 0.0
    between: float = 0.0
    subject: float = 0.0
    parallel: float = 0.0
    possessor: float = 0.0
    governed: float = 0.0
    quoted: float = 0.0
    object: float = 0.0
    often: float = 0.0
    first: float = 0.0
    after: float = 0.0
    after_possessive: float = 0.0
    agree: float = 0.0
    clash: float = 0.0
    clash_before: float = 0.0
    taken_up: float = 0.0
    last_speaker: float = 0.0
    speaker: float = 0.0
    unknown: float = 0.0

    def values(self) -> list[float]:
        """The numbers, in the order of ``NAMES``."""
        return [getattr(self, name) for name in NAMES]


NAMES = tuple(field.name for field in dataclasses.fields(Features))


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the features, in natural logarithms of odds.

    Args:
        features: One for each of ``NAMES``.
        null: Of the choice of nobody.
        null_network: Of the logarithm of the network's probability of nobody.
    """

    features: tuple[float, ...]
    null: float
    null_network: float

    def probabilities(self, candidates: Sequence[Features], null: float) -> list[float]:
        """Of each candidate and, last, of nobody.

        Args:
            candidates: Features of each.
            null: Logarithm of the network's probability of nobody; 0 without a network.
        """
        scores = [
            sum(w * getattr(f, name) for w, name in zip(self.features, NAMES, strict=True))
            for f in candidates
        ]
        scores.append(self.null + self.null_network * null)
        top = max(scores)
        odds = [math.exp(score - top) for score in scores]
        total = sum(odds)
        return [value / total for value in odds]


def _alone(null: float, **features: float) -> Weights:
    return Weights(tuple(features.get(name, 0.0) for name in NAMES), null, 0.0)


#: Without a network.
ALONE = _alone(
    null=-3.235,
    same_sentence=1.456,
    sentences=-0.808,
    paragraphs=0.499,
    between=-0.314,
    subject=0.035,
    parallel=0.745,
    possessor=0.133,
    governed=-0.931,
    quoted=-3.281,
    object=-0.366,
    often=1.402,
    first=0.047,
    after=-1.833,
    after_possessive=1.276,
    agree=-0.01,
    clash=-2.286,
    clash_before=-1.771,
    taken_up=0.39,
    last_speaker=2.739,
    speaker=0.151,
    unknown=-0.709,
)


def joined(
    alone: Weights, trust: float, network: float, null: float, null_network: float
) -> Weights:
    """Weights of the features and of the network together.

    Args:
        alone: Weights without a network.
        trust: Factor of all of them but ``clash``: the network does not know the lists of given
            names, so what it says takes nothing from them.
        network: Weight of the logarithm of the network's probability.
        null: Added for nobody.
        null_network: Weight of the logarithm of the network's probability of nobody.
    """
    features = tuple(
        network if name == "network" else weight if name == "clash" else trust * weight
        for name, weight in zip(NAMES, alone.features, strict=True)
    )
    return Weights(features, trust * alone.null + null, null_network)


#: With the shipped network.
WITH_NETWORK = joined(ALONE, trust=0.472, network=0.496, null=-0.136, null_network=1.013)
