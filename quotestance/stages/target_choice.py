"""Which of the words that may name the target of a quote do: a log-linear choice.

Each offer is resolved to a name first, so that what speaks for ``he`` speaks for whom it means, and
what the other quotes of the article are about speaks for it too.

Source: a log-linear ranker over candidates, as Denis and Baldridge (2008) rank antecedents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.quotes import Quote, Span
from quotestance.stages.coreference import Said
from quotestance.stages.resolution import Resolver
from quotestance.stages.target_offers import Ballot
from quotestance.stages.targets import Target, resolve_target

Floats = NDArray[np.float64]

#: What is known of each offer, and last of none, in the order of the last axis of ``features``.
FEATURES = ("none", "start", "end", "outside", "topic")

#: Weights where a calibration has none: those fitted on dev articles for the shipped model.
WEIGHTS: Mapping[str, float] = {
    "none": 1.0, "start": 1.0, "end": 0.3, "outside": -1.0, "topic": 0.5,
}  # fmt: skip
_ENTITIES = frozenset({"person", "organization", "country"})
_LEAST = 0.01


@dataclass(frozen=True)
class Options:
    """What the target of a quote can be; the last is none.

    Args:
        quote: The quote.
        targets: What each offer of the ballot stands for, and last of none.
        ballot: What the network says of them.
    """

    quote: Quote
    targets: Sequence[Target]
    ballot: Ballot

    @property
    def spans(self) -> list[Span | None]:
        """The words of each option."""
        return [*(offer.span for offer in self.ballot.offers), None]


def options(
    quote: Quote, ballot: Ballot, resolver: Resolver, said: Sequence[Said], threshold: float
) -> Options:
    """Each offer resolved, and none.

    Args:
        quote: A quote with its speakers.
        ballot: The words among which to choose.
        resolver: The article's resolver.
        said: Quotes whose speakers are known.
        threshold: A pronoun less certain than this keeps no name.
    """
    targets = [
        resolve_target(offer.span, quote, resolver, said, threshold) for offer in ballot.offers
    ]
    return Options(quote, [*targets, Target(None, None)], ballot)


def features(article: Sequence[Options]) -> list[Floats]:
    """Features of the options of each quote of an article: ``[options, len(FEATURES)]``.

    Args:
        article: The options of all its quotes; what is no quote by the guide tells nothing of the
            others.
    """
    shares = [_shares(one) for one in article]
    total: Counter[str] = Counter()
    counted = [one.quote.is_quote for one in article]
    for share, counts in zip(shares, counted, strict=True):
        total.update(share if counts else ())
    found = []
    for one, share, counts in zip(article, shares, counted, strict=True):
        others = max(1, sum(counted) - counts)
        rows: list[list[float]] = []
        for offer, target in zip(one.ballot.offers, one.targets[:-1], strict=True):
            name = _entity(target)
            elsewhere = (total[name] - counts * share[name]) / others if name else 0.0
            topic = np.log(max(0.0, elsewhere) + _LEAST)
            rows.append([0, np.exp(offer.start), offer.end, offer.outside, topic])
        rows.append([one.ballot.none / 2, 0, 0, 0, 0])
        found.append(np.array(rows, dtype=np.float64))
    return found


def _shares(one: Options) -> Counter[str]:
    """How far the network takes each entity for the target of a quote; they sum to less than 1."""
    offers = one.ballot.offers
    scores = np.exp([(offer.start + offer.end) / 2 for offer in offers] + [one.ballot.none / 2])
    found: Counter[str] = Counter()
    for target, score in zip(one.targets[:-1], scores / scores.sum(), strict=False):
        name = _entity(target)
        if name is not None:
            found[name] += score
    return found


def _entity(target: Target) -> str | None:
    return target.name if target.entity is not None or target.type in _ENTITIES else None


def weights_of(calibration: Mapping[str, float]) -> Floats:
    """The weights of ``FEATURES``, from the entries ``target.NAME`` of a calibration."""
    return np.array([calibration.get(f"target.{name}", WEIGHTS[name]) for name in FEATURES])
