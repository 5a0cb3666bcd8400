"""The one scorer: gold and predictions in, figures out. Training and model choice call it too."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from quotestance.errors import InputError
from quotestance.evaluation import coreference, spans, speakers, stance
from quotestance.evaluation.bootstrap import Measure, Scores, Table, score
from quotestance.evaluation.calibration import Decisions, calibration_error, risk_coverage, thin
from quotestance.evaluation.corpora.examples import CorefDocument, GapExample, TargetedSentence
from quotestance.quotes import Stance
from quotestance.records import AnnotatedArticle

Row = AnnotatedArticle | TargetedSentence | GapExample | CorefDocument
R = TypeVar("R", bound=Row)
QUOTE_MEASURES: tuple[Measure, ...] = (
    *spans.MEASURES,
    *speakers.MEASURES,
    *stance.MEASURES,
    calibration_error("ece_quote", "quote"),
)


def score_quotes(
    gold: Sequence[AnnotatedArticle],
    predicted: Sequence[AnnotatedArticle],
    *,
    attributions: bool = False,
    resamples: int = 1000,
    stances: stance.GiveStance | None = None,
) -> Scores:
    """Every figure of quotes, speakers and stance, with 95 % intervals over articles.

    Args:
        gold: Hand labels, each article once. Labels that a file lacks give no figure (NaN).
        predicted: Predictions, found by article id; a missing article counts as no quotes, one
            that gold lacks is passed over.
        attributions: The ``polnear`` mode: every attribution on both sides counts, ``is_quote``
            is ignored.
        resamples: Bootstrap resamples of articles; 0 for no intervals.
        stances: Gives the stance of (text, target, holder) triples; adds the figures of stance
            with the gold target given.

    Returns:
        Figures by name, in percent, with risk-coverage curves in ``curves``.

    Raises:
        InputError: An id stands twice, no predicted id is known, or the text of a prediction
            is not that of the gold article.
    """
    aligned = alignments(gold, predicted, attributions=attributions)
    measures = QUOTE_MEASURES + (stance.GIVEN_TARGET_MEASURES if stances else ())
    table = Table()
    decisions = {name: Decisions() for name in ("quote", "speaker", "stance")}
    for alignment in aligned:
        counts = quote_counts(alignment)
        if stances:
            counts |= stance.given_target_counts(alignment, stances)
        table.add(alignment.article.id, counts)
        decisions["quote"].extend(_quote_decisions(alignment))
        decisions["speaker"].extend(speakers.decisions(alignment))
        decisions["stance"].extend(stance.decisions(alignment))
    scores = score(table, measures, resamples)
    scores.curves.update(_curves(decisions))
    return scores


def quote_counts(alignment: spans.Alignment) -> dict[str, float]:
    """All counts of one article."""
    return (
        spans.counts(alignment)
        | speakers.counts(alignment)
        | stance.counts(alignment)
        | _quote_decisions(alignment).counts("quote")
    )


def alignments(
    gold: Sequence[AnnotatedArticle],
    predicted: Sequence[AnnotatedArticle],
    *,
    attributions: bool = False,
) -> list[spans.Alignment]:
    """Gold and predicted quotes matched, article by article, in gold order."""
    by_id = found_by_id(gold, predicted)
    return [
        spans.align(article, by_id.get(article.id), attributions=attributions) for article in gold
    ]


def human_ceiling(
    rows: Iterable[AnnotatedArticle], *, attributions: bool = True, resamples: int = 1000
) -> Scores:
    """Mean pairwise agreement of annotators, under the same measures.

    Every ordered pair of annotations of one article counts as gold and prediction; their counts
    are summed by article, so that articles are the unit of the intervals.

    Args:
        rows: Annotations; those of one article share its id. Articles with one are passed over.
        attributions: As in ``score_quotes``.
        resamples: As in ``score_quotes``.

    Returns:
        The figures; NaN throughout where no article has two annotations.
    """
    by_id: dict[str, list[AnnotatedArticle]] = {}
    for row in rows:
        by_id.setdefault(row.id, []).append(row)
    table = Table()
    for name, versions in by_id.items():
        summed: Counter[str] = Counter()
        for gold, other in itertools.permutations(versions, 2):
            for key, value in quote_counts(
                spans.align(gold, other, attributions=attributions)
            ).items():
                summed[key] += value  # type: ignore[assignment]
        if summed:
            table.add(name, summed)
    return score(table, QUOTE_MEASURES, resamples)


def score_targeted(
    gold: Sequence[TargetedSentence],
    predicted: Sequence[Stance | None],
    *,
    resamples: int = 1000,
) -> Scores:
    """Figures of a sentence corpus, given the target (and holder).

    ``macro_f1``, ``accuracy`` and ``ece`` are over all rows; for a corpus with both directions of
    each pair (DSE) each row is one directed judgement. ``directed_pairs_macro_f1`` takes only the
    pairs in which one direction has a tone, and ``direction_right`` says in how many of those the
    signed score moves the right way between the asserted and the swapped direction.

    Args:
        gold: The rows.
        predicted: One stance a row, in the same order; None for a missing prediction.
        resamples: Bootstrap resamples of sentences (of pairs where there are pairs).

    Returns:
        Figures by name, in percent.

    Raises:
        ValueError: The two are of different lengths.
    """
    groups: dict[str, list[int]] = {}
    for i, row in enumerate(gold):
        groups.setdefault(row.id if row.pair is None else row.pair, []).append(i)
    if len(gold) != len(predicted):
        raise ValueError(f"expected {len(gold)} stances, found {len(predicted)}")
    table, decided = Table(), Decisions()
    for name, rows in groups.items():
        counts: Counter[str] = Counter()
        for i in rows:
            for key, value in stance.sentence_counts(gold[i], predicted[i]).items():
                counts[key] += value  # type: ignore[assignment]
            if (given := predicted[i]) is not None:
                decided.add(given.confidence, given.label == gold[i].label)
        pair = stance.direction_counts([gold[i] for i in rows], [predicted[i] for i in rows])
        table.add(name, counts | Counter(pair))
    measures = stance.SENTENCE_MEASURES
    if any(row.pair is not None for row in gold):
        measures += stance.DIRECTION_MEASURES
    scores = score(table, measures, resamples)
    scores.curves.update(_curves({"stance": decided}))
    return scores


def score_gap(
    gold: Sequence[GapExample],
    predicted: Sequence[AnnotatedArticle],
    *,
    resamples: int = 1000,
) -> Scores:
    """GAP F1 overall and by gender, over candidate decisions.

    Args:
        gold: The snippets.
        predicted: Records whose entities hold the mentions, found by id; a missing one refers to
            nothing.
        resamples: Bootstrap resamples of snippets.

    Returns:
        Figures by name, in percent.
    """
    by_id = found_by_id(gold, predicted)
    table = Table()
    for row in gold:
        found = by_id.get(row.id)
        table.add(row.id, coreference.gap_counts(row, found.entities if found is not None else ()))
    return score(table, coreference.GAP_MEASURES, resamples)


def score_gum(
    gold: Sequence[CorefDocument],
    predicted: Sequence[AnnotatedArticle],
    *,
    types: Collection[str] = coreference.PEOPLE_AND_ORGANIZATIONS,
    resamples: int = 1000,
) -> Scores:
    """MUC, B-cubed, CEAF-e and their mean over documents.

    Args:
        gold: The documents.
        predicted: Records whose entities hold the mentions, found by id.
        types: Entity types that count, on both sides.
        resamples: Bootstrap resamples of documents.

    Returns:
        Figures by name, in percent.
    """
    by_id = found_by_id(gold, predicted)
    table = Table()
    for row in gold:
        found = by_id.get(row.id)
        clusters = coreference.predicted_clusters(
            found.entities if found is not None else (), types
        )
        gold_ones = coreference.gold_clusters(row, types)
        table.add(row.id, coreference.coreference_counts(gold_ones, clusters))
    return score(table, coreference.COREFERENCE_MEASURES, resamples)


def found_by_id(
    gold: Sequence[Row], predicted: Sequence[AnnotatedArticle]
) -> dict[str, AnnotatedArticle]:
    """Predictions by id, checked against the gold rows.

    Args:
        gold: The rows.
        predicted: Records.

    Returns:
        The records by id.

    Raises:
        InputError: An id stands twice, no predicted id is known, or a text differs.
    """
    by_id = _by_id(predicted, "the predictions")
    known = _by_id(gold, "the gold labels")
    if by_id and known and not by_id.keys() & known.keys():
        raise InputError(
            f"expected ids such as {next(iter(known))!r}, found {next(iter(by_id))!r} and no "
            "id that the gold labels have",
            field="id",
            hint="the predictions are of other articles, or their ids were changed",
        )
    for row in gold:
        found = by_id.get(row.id)
        if found is not None and found.text != row.text:
            raise InputError(
                f"expected the text of the gold article {row.id!r}, found another",
                field="text",
                hint="spans can only be compared over one text, unchanged to the last space",
            )
    return by_id


def _by_id(articles: Sequence[R], what: str) -> dict[str, R]:
    out: dict[str, R] = {}
    for article in articles:
        if article.id in out:
            raise InputError(
                f"expected each id once, found {article.id!r} twice in {what}", field="id"
            )
        out[article.id] = article
    return out


def _quote_decisions(alignment: spans.Alignment) -> Decisions:
    matched = {j for _, j in alignment.pairs}
    out = Decisions()
    for j, one in enumerate(alignment.predicted):
        out.add(one.quote.confidence.quote, j in matched)
    return out


def _curves(decisions: dict[str, Decisions]) -> dict[str, list[dict[str, float]]]:
    curves = {name: thin(risk_coverage(one)) for name, one in decisions.items()}
    return {name: curve for name, curve in curves.items() if curve}
