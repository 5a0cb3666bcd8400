"""Stance and target of matched quotes, and of sentences with a given target."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from quotestance.evaluation.bootstrap import (
    Array,
    Columns,
    Measure,
    divide,
    f_measures,
    labelled,
    ratio,
)
from quotestance.evaluation.calibration import Decisions, calibration_error
from quotestance.evaluation.corpora.examples import TargetedSentence
from quotestance.evaluation.spans import Alignment, Unit
from quotestance.evaluation.speakers import attributed, normalize
from quotestance.quotes import STANCES, Quote, Span, Stance

GiveStance = Callable[[Sequence[tuple[str, Span, Span | None]]], Sequence[Stance]]
"""Stances of (text, target, holder) triples; the holder is None for the writer."""

_STOPWORDS_TEXT = (
    "a an and as at but by for from if in into is it its of on or so that the their then there "
    "these they this to was were will with his her he she be are been not no"
)
_STOPWORDS = frozenset(_STOPWORDS_TEXT.split())
NAMED = frozenset({"person", "organization", "country"})
"""Types of targets that are named entities."""


def _by_class(prefix: str, columns: Columns) -> Iterator[tuple[Array, Array, Array]]:
    """Right, predicted and gold counts of each class."""
    for label in STANCES:
        gold = sum(columns[f"{prefix}_{label}_{other}"] for other in (*STANCES, "none"))
        given = sum(columns[f"{prefix}_{other}_{label}"] for other in STANCES)
        yield columns[f"{prefix}_{label}_{label}"], np.asarray(given), np.asarray(gold)


def _macro(prefix: str, of: Callable[[Array, Array], Array]) -> Callable[[Columns], Array]:
    """Mean over the classes that occur of right ones by ``of(predicted, gold)``; 0 for x / 0."""

    def value(columns: Columns) -> Array:
        scores, present = [], []
        for right, given, gold in _by_class(prefix, columns):
            scores.append(np.nan_to_num(divide(right, of(given, gold))))
            present.append(given + gold > 0)
        return divide(np.sum(scores, axis=0), np.sum(present, axis=0).astype(float))

    return value


def macro_measures(prefix: str, name: str = "macro") -> tuple[Measure, ...]:
    """Precision, recall and F1 of three classes, each the mean over the classes that occur.

    A class occurs where gold or prediction has it.

    Args:
        prefix: Of the confusion counts ``PREFIX_GOLD_PREDICTED``; a missing prediction counts as
            a miss of its gold class and as a prediction of none.
        name: Stem of the names of the figures.

    Source:
        Opitz and Burst, arXiv 1911.03347 (mean of F1 by class, not F1 of the means).
    """
    size = f"{prefix}_n"
    return (
        Measure(f"{name}_precision", _macro(prefix, lambda given, gold: given), size),
        Measure(f"{name}_recall", _macro(prefix, lambda given, gold: gold), size),
        Measure(f"{name}_f1", _macro(prefix, lambda given, gold: (given + gold) / 2), size),
    )


def accuracy(prefix: str) -> Callable[[Columns], Array]:
    """Share of right labels among the confusion counts of ``prefix``."""

    def value(columns: Columns) -> Array:
        right = np.asarray(sum(columns[f"{prefix}_{label}_{label}"] for label in STANCES))
        return divide(right, columns[f"{prefix}_n"])

    return value


def confusion(prefix: str, gold: str, predicted: str | None) -> dict[str, float]:
    """Counts of one labelled item."""
    return {f"{prefix}_{gold}_{predicted or 'none'}": 1, f"{prefix}_n": 1}


def gold_label(gold: Quote, predicted: str | None) -> str | None:
    """The gold label, or the alternative one where the prediction is that."""
    if gold.stance is None:
        return None
    alternative = gold.extra.get("stance_alternative")
    return predicted if predicted and predicted == alternative else gold.stance.label


def content_words(text: str) -> frozenset[str]:
    """Normalized words of a name or phrase without function words."""
    return frozenset(normalize(text).split()) - _STOPWORDS


def target_names(gold: Quote) -> list[str]:
    """The name of a gold target and its ``target_aliases``; empty where there is none."""
    aliases = gold.extra.get("target_aliases") or ()
    return [name for name in (gold.target, *aliases) if name and isinstance(name, str)]


def target_matches(gold: Quote, predicted: Quote) -> bool:
    """Whether the predicted target shares a content word with the gold one.

    The words of the predicted name and target span are compared with those of the gold name, its
    ``target_aliases`` and the gold target span.
    """
    wanted = target_names(gold)
    given = [predicted.target or ""]
    for quote, texts in ((gold, wanted), (predicted, given)):
        if quote.target_span is not None:
            texts.append(quote.target_span.text)
    return bool(_words(wanted) & _words(given))


def target_named(gold: Quote, predicted: Quote) -> bool:
    """Whether the predicted target has the gold name or one of its ``target_aliases``."""
    names = set(map(normalize, target_names(gold)))
    return predicted.target is not None and normalize(predicted.target) in names


def _words(texts: Sequence[str]) -> frozenset[str]:
    return frozenset[str]().union(*map(content_words, texts))


def counts(alignment: Alignment) -> dict[str, float]:
    """Counts of one article for ``MEASURES``: quotes found, with the target the system chose."""
    gold = [one.quote for one in alignment.gold]
    out: dict[str, float] = {
        "stance_all": sum(q.stance is not None for q in gold),
        "target_all": sum(q.target is not None for q in gold),
        "target_named_all": sum(q.target_type in NAMED for q in gold),
        "full_gold": sum(q.stance is not None and q.has("speakers") for q in gold),
    }
    out["full_predicted"] = len(alignment.predicted)
    for g, p in alignment.matched():
        label = p.quote.stance.label if p.quote.stance else None
        wanted = gold_label(g.quote, label)
        if wanted is not None:
            _add(out, confusion("stance", wanted, label))
            if g.quote.has("speakers"):
                right = wanted == label and attributed(g.quote, p.quote)
                _add(out, {"full_right": float(right)})
        if g.quote.target is not None:
            _add(out, {"target": 1, "target_right": float(target_matches(g.quote, p.quote))})
            if g.quote.target_type in NAMED:
                right = target_named(g.quote, p.quote)
                _add(out, {"target_named": 1, "target_named_right": float(right)})
    return out | decisions(alignment).counts("stance")


def decisions(alignment: Alignment) -> Decisions:
    """Stances of matched quotes with their confidence, and whether each is right."""
    out = Decisions()
    for g, p in alignment.matched():
        if g.quote.stance is not None and p.quote.stance is not None:
            label = p.quote.stance.label
            sure = p.quote.stance.confidence
            sure = p.quote.confidence.stance if sure is None else sure
            out.add(sure, gold_label(g.quote, label) == label)
    return out


def given_target_counts(alignment: Alignment, stances: GiveStance) -> dict[str, float]:
    """Counts of stance with the gold target given, over matched quotes that have one.

    The target is the gold span, or else the first place in the content, then in the article,
    where the words of the gold name or an alias stand; a quote whose target stands nowhere is left
    out, as is one without a gold target, so that a missing target never gives a class away. The
    holder is the gold source, None where there is none.
    """
    text = alignment.article.text
    asked: list[tuple[str, Span, Span | None]] = []
    quotes = []
    for g, _ in alignment.matched():
        target = target_place(g, text)
        if g.quote.stance is not None and target is not None:
            asked.append((text, target, g.quote.source[0] if g.quote.source else None))
            quotes.append(g.quote)
    out: dict[str, float] = {}
    for quote, stance in zip(quotes, stances(asked) if asked else (), strict=True):
        wanted = gold_label(quote, stance.label)
        if wanted is not None:
            _add(out, confusion("given", wanted, stance.label))
    return out


def target_place(unit: Unit, text: str) -> Span | None:
    """Where the gold target of a quote stands in the text, or None."""
    quote = unit.quote
    if quote.target is None or quote.target_span is not None:
        return quote.target_span if quote.target is not None else None
    wanted = target_names(quote)
    stretches = [*((s.start, s.end) for s in quote.content), (0, len(text))]
    for start, end in stretches:
        for name in wanted:
            found = re.compile(re.escape(name), re.IGNORECASE).search(text, start, end)
            if found:
                return Span(*found.span()).of(text)
    return None


def _add(out: dict[str, float], more: dict[str, float]) -> None:
    for key, value in more.items():
        out[key] = out.get(key, 0) + value


MEASURES: tuple[Measure, ...] = (
    *(labelled(measure, "stance_all") for measure in macro_measures("stance")),
    labelled(Measure("accuracy", accuracy("stance"), "stance_n"), "stance_all"),
    labelled(Measure("target_match", ratio("target_right", "target"), "target"), "target_all"),
    labelled(
        Measure("target_name_right", ratio("target_named_right", "target_named"), "target_named"),
        "target_named_all",
    ),
    *(
        labelled(measure, "full_gold")
        for measure in f_measures("end_to_end_stance", "full_right", "full_predicted", "full_gold")
    ),
    calibration_error("ece", "stance"),
)
"""Figures of stance over matched quotes, with the target that the system chose.

- ``macro``, ``accuracy``: three classes; ``stance_alternative`` counts as right.
- ``target_match``: see ``target_matches``; over matched quotes with a gold target.
- ``target_name_right``: see ``target_named``; over those whose gold target is a person, an
  organization or a country.
- ``end_to_end_stance``: quotes matched with the right speaker and stance, against all quotes.
- ``ece``: expected calibration error of the stance.
"""

GIVEN_TARGET_MEASURES: tuple[Measure, ...] = (
    *macro_measures("given", "given_target_macro"),
    Measure("given_target_accuracy", accuracy("given"), "given_n"),
)
"""Stance with the gold target given, see ``given_target_counts``."""


def sentence_counts(gold: TargetedSentence, predicted: Stance | None) -> dict[str, float]:
    """Counts of one sentence for ``SENTENCE_MEASURES``; None is a missing prediction."""
    decided = Decisions()
    if predicted is None:
        return confusion("stance", gold.label, None)
    decided.add(predicted.confidence, predicted.label == gold.label)
    return confusion("stance", gold.label, predicted.label) | decided.counts("stance")


SENTENCE_MEASURES: tuple[Measure, ...] = (
    *macro_measures("stance"),
    Measure("accuracy", accuracy("stance"), "stance_n"),
    calibration_error("ece", "stance"),
)
"""Figures of sentence corpora, given the span."""


def direction_counts(
    gold: Sequence[TargetedSentence], predicted: Sequence[Stance | None]
) -> dict[str, float]:
    """Counts of one pair of entities in both directions (DSE) for ``DIRECTION_MEASURES``.

    A pair is directed where exactly one of its directions has a tone; the other direction's 0
    means "not asserted". It is right where the signed score of the asserted direction is
    lower than that of the swapped one for a critical label, higher for a supportive one.
    """
    asserted = [i for i, row in enumerate(gold) if row.label != "neutral"]
    if len(gold) != 2 or len(asserted) != 1:
        return {}
    out: dict[str, float] = {"pairs": 1}
    for row, stance in zip(gold, predicted, strict=True):
        _add(out, confusion("directed", row.label, stance.label if stance else None))
    one = asserted[0]
    here, swapped = signed_score(predicted[one]), signed_score(predicted[1 - one])
    sign = 1 if gold[one].label == "supportive" else -1
    out["pairs_right"] = float(sign * (here - swapped) > 0)
    return out


def signed_score(stance: Stance | None) -> float:
    """p(supportive) - p(critical); 1, 0 or -1 by label where there are no probabilities."""
    if stance is None:
        return 0.0
    if stance.score is not None:
        return stance.score
    return {"supportive": 1.0, "critical": -1.0}.get(stance.label, 0.0)


DIRECTION_MEASURES: tuple[Measure, ...] = (
    *macro_measures("directed", "directed_pairs_macro"),
    Measure("direction_right", ratio("pairs_right", "pairs"), "pairs"),
)
"""Figures of DSE over directed pairs, see ``direction_counts``."""
