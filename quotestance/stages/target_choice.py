"""Which of the words that may name the target of a quote do: a log-linear choice.

Each offer is resolved to a name first, so that what speaks for ``he`` speaks for whom it means.

Source: a log-linear ranker over candidates, as Denis and Baldridge (2008) rank antecedents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.quotes import Quote
from quotestance.stages.coreference import Said
from quotestance.stages.resolution import Resolver
from quotestance.stages.target_offers import Ballot, Offer
from quotestance.stages.targets import Target, resolve_target

Floats = NDArray[np.float64]

#: What is known of each offer, and last of none, in the order of the last axis of ``features``.
FEATURES = (
    "none", "none.mass", "start", "end", "best", "name", "phrase", "length", "personal", "outside",
    "subject", "often", "same", "mass", "speaker",
)  # fmt: skip

#: Weights where a calibration has none, as ``training.targets`` fitted them on dev articles.
WEIGHTS: Mapping[str, float] = dict.fromkeys(FEATURES, 0.0) | {"start": 1.0, "end": 1.0}
_ENTITIES = frozenset({"person", "organization", "country"})
_LEAST = 1e-3


def features(ballot: Ballot, targets: Sequence[Target], speakers: Collection[str]) -> Floats:
    """Features of each offer and, last, of none: ``[offers + 1, len(FEATURES)]``.

    Args:
        ballot: The offers.
        targets: What each of them stands for.
        speakers: Names of who says the quote.
    """
    offers = ballot.offers
    heads = [offer.start + offer.end for offer in offers]
    best = int(np.argmax(heads)) if offers else -1
    same = Counter(target.name for target in targets)
    mass: dict[str | None, float] = {}
    for target, head in zip(targets, heads, strict=True):
        mass[target.name] = mass.get(target.name, 0.0) + float(np.exp(head / 2))
    rows: list[list[float]] = []
    for i, (offer, target, head) in enumerate(zip(offers, targets, heads, strict=True)):
        is_entity = target.name is not None and _is_entity(target)
        own = mass[target.name] if is_entity else float(np.exp(head / 2))
        rows.append([
            0, 0, *_of_words(offer, i == best),
            np.log1p(len(target.entity.mentions)) if target.entity is not None else 0,
            np.log1p(same[target.name]) if is_entity else 0,
            np.log(own + _LEAST),
            target.name in speakers,
        ])  # fmt: skip
    none = [1, ballot.none / 2, *[0] * (len(FEATURES) - 2)]
    return np.array([*rows, none], dtype=np.float64)


def _of_words(offer: Offer, best: bool) -> list[float]:
    return [
        offer.start, offer.end, best, offer.kind == "name", offer.kind == "phrase",
        float(np.log(offer.words)), offer.personal, offer.outside, offer.subject,
    ]  # fmt: skip


def _is_entity(target: Target) -> bool:
    return target.entity is not None or target.type in _ENTITIES


def weights_of(calibration: Mapping[str, float]) -> Floats:
    """The weights of ``FEATURES``, from the entries ``target.NAME`` of a calibration."""
    return np.array([calibration.get(f"target.{name}", WEIGHTS[name]) for name in FEATURES])


@dataclass(frozen=True)
class Options:
    """What the target of a quote can be; the last is none.

    Args:
        quotes: The quote with the words of each as ``target_span``.
        targets: What they stand for.
        features: ``[options, len(FEATURES)]``.
    """

    quotes: Sequence[Quote]
    targets: Sequence[Target]
    features: Floats


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
    text = resolver.naming.article.text
    quotes = [quote.replace(target_span=offer.span.of(text)) for offer in ballot.offers]
    targets = [resolve_target(one, resolver, said, threshold) for one in quotes]
    rows = features(ballot, targets, {s.name for s in quote.speakers if s.name})
    nothing = quote.replace(target_span=None)
    return Options([*quotes, nothing], [*targets, Target(None, None)], rows)
