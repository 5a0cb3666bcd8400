"""Coreference: GAP F1 by gender, and MUC, B-cubed and CEAF-e over documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from quotestance.evaluation.bootstrap import Array, Columns, Measure, defined, divide, f_measures
from quotestance.evaluation.corpora.examples import CorefDocument, GapExample
from quotestance.quotes import Entity, Span

M = TypeVar("M")
Clusters = Sequence[frozenset[M]]
METRICS = ("muc", "b_cubed", "ceaf_e")
GENDERS = {"M": "masculine", "F": "feminine"}
PEOPLE_AND_ORGANIZATIONS = ("person", "organization")


def gap_counts(example: GapExample, entities: Sequence[Entity]) -> dict[str, float]:
    """Counts of one snippet: each candidate is a decision of its own.

    A candidate is predicted true where it and the pronoun are mentions of one entity, see
    ``entity_at``.
    """
    pronoun = entity_at(example.pronoun, entities)
    out: dict[str, float] = {}
    for span, truth in example.candidates:
        guess = pronoun is not None and entity_at(span, entities) == pronoun
        for suffix in ("", f"_{GENDERS[example.gender]}"):
            for key, value in (("right", truth and guess), ("predicted", guess), ("gold", truth)):
                name = f"gap{suffix}_{key}"
                out[name] = out.get(name, 0) + value
    return out


def entity_at(span: Span, entities: Sequence[Entity]) -> int | None:
    """Index of the entity whose mention fits the span best, or None where none overlaps it.

    Best is the largest intersection over union in code points, so that the mention
    ``the wife of A. Name`` does not stand for ``A. Name`` where that is a mention of its own.
    """
    best, found = 0.0, None
    for i, entity in enumerate(entities):
        for mention in entity.mentions:
            shared = min(span.end, mention.end) - max(span.start, mention.start)
            if shared > 0:
                union = max(span.end, mention.end) - min(span.start, mention.start)
                if shared / union > best:
                    best, found = shared / union, i
    return found


def _gap_ratio(columns: Columns) -> Array:
    f1 = {m.name: m for m in _gap_measures()}
    return divide(f1["gap_feminine_f1"].value(columns), f1["gap_masculine_f1"].value(columns))


def _gap_measures() -> list[Measure]:
    names = ["gap", *(f"gap_{gender}" for gender in GENDERS.values())]
    return [
        measure
        for name in names
        for measure in f_measures(name, f"{name}_right", f"{name}_predicted", f"{name}_gold")
    ]


GAP_MEASURES: tuple[Measure, ...] = (
    *_gap_measures(),
    Measure("gap_ratio", _gap_ratio, "gap_gold"),
)
"""GAP F1 over candidate decisions, overall and by gender; ``gap_ratio`` is feminine F1 over
masculine F1, in percent.

Source:
    Webster et al., TACL 2018.
"""


def gold_clusters(document: CorefDocument, types: Collection[str]) -> list[frozenset[Span]]:
    """Clusters of two mentions or more whose first mention is of one of ``types``.

    Mentions that stand alone are left out on both sides, as in the CoNLL shared tasks.
    """
    clusters: dict[int, set[Span]] = {}
    kinds: dict[int, str] = {}
    for mention in document.mentions:
        clusters.setdefault(mention.cluster, set()).add(mention.span)
        kinds.setdefault(mention.cluster, mention.entity_type)
    return [
        frozenset(mentions)
        for cluster, mentions in clusters.items()
        if kinds[cluster] in types and len(mentions) > 1
    ]


def predicted_clusters(entities: Iterable[Entity], types: Collection[str]) -> list[frozenset[Span]]:
    """Clusters of two mentions or more of entities of ``types``, groups and unknown ones too."""
    kept = {*types, "group", "unknown"}
    return [
        frozenset(entity.mentions)
        for entity in entities
        if entity.type in kept and len(set(entity.mentions)) > 1
    ]


def coreference_counts(gold: Clusters[M], predicted: Clusters[M]) -> dict[str, float]:
    """Numerators and denominators of precision and recall of one document, by metric."""
    out: dict[str, float] = {}
    for name, count in (("muc", muc), ("b_cubed", b_cubed), ("ceaf_e", ceaf_e)):
        for side, (part, whole) in zip(
            ("precision", "recall"), count(gold, predicted), strict=True
        ):
            out[f"{name}_{side}_part"] = part
            out[f"{name}_{side}_whole"] = whole
    out["coref_gold"] = sum(map(len, gold))
    return out


Fraction = tuple[float, float]


def muc(gold: Clusters[M], predicted: Clusters[M]) -> tuple[Fraction, Fraction]:
    """Precision and recall of links, as fractions (part, whole).

    Source:
        Vilain et al., MUC-6, 1995.
    """
    return _muc_side(predicted, gold), _muc_side(gold, predicted)


def _muc_side(key: Clusters[M], response: Clusters[M]) -> Fraction:
    home = _home(response)
    kept = whole = 0
    for cluster in key:
        parts = {home[m] for m in cluster if m in home}
        alone = sum(m not in home for m in cluster)
        kept += len(cluster) - len(parts) - alone
        whole += len(cluster) - 1
    return kept, whole


def b_cubed(gold: Clusters[M], predicted: Clusters[M]) -> tuple[Fraction, Fraction]:
    """Precision and recall of mentions, as fractions (part, whole).

    Source:
        Bagga and Baldwin, LREC 1998.
    """
    return _b_cubed_side(predicted, gold), _b_cubed_side(gold, predicted)


def _b_cubed_side(key: Clusters[M], response: Clusters[M]) -> Fraction:
    home = _home(response)
    part = 0.0
    for cluster in key:
        shared: dict[int, int] = {}
        for mention in cluster:
            if mention in home:
                shared[home[mention]] = shared.get(home[mention], 0) + 1
        part += sum(n * n for n in shared.values()) / len(cluster)
    return part, sum(map(len, key))


def ceaf_e(gold: Clusters[M], predicted: Clusters[M]) -> tuple[Fraction, Fraction]:
    """Precision and recall of the best one-to-one alignment of entities, as fractions.

    Similarity of two entities is the F1 of their mentions (phi 4).

    Source:
        Luo, HLT-EMNLP 2005.
    """
    if not gold or not predicted:
        return (0.0, len(predicted)), (0.0, len(gold))
    similarity = np.array(
        [[2 * len(g & p) / (len(g) + len(p)) for p in predicted] for g in gold], dtype=float
    )
    total = float(sum(similarity[i, j] for i, j in assignment(similarity)))
    return (total, len(predicted)), (total, len(gold))


def assignment(similarity: Array) -> list[tuple[int, int]]:
    """One-to-one pairs of rows and columns with the largest total similarity.

    Source:
        Kuhn, Naval Research Logistics 1955, in the shortest augmenting path form of Jonker and
        Volgenant, Computing 1987; O(n^3).
    """
    if similarity.shape[0] > similarity.shape[1]:
        return sorted((i, j) for j, i in assignment(similarity.T))
    rows, columns = similarity.shape
    cost = np.zeros((rows + 1, columns + 1))
    cost[1:, 1:] = similarity.max() - similarity
    row_price, column_price = np.zeros(rows + 1), np.zeros(columns + 1)
    owner = np.zeros(columns + 1, dtype=int)  # row of each column; 0 is none
    for row in range(1, rows + 1):
        _augment(row, cost, row_price, column_price, owner)
    return sorted((int(owner[j]) - 1, j - 1) for j in range(1, columns + 1) if owner[j])


def _augment(
    row: int,
    cost: Array,
    row_price: Array,
    column_price: Array,
    owner: npt.NDArray[np.int_],
) -> None:
    """Give ``row`` a column along the cheapest path that reassigns other rows."""
    columns = len(owner) - 1
    owner[0] = row
    distance = np.full(columns + 1, np.inf)
    before = np.zeros(columns + 1, dtype=int)
    done = np.zeros(columns + 1, dtype=bool)
    here = 0
    while True:
        done[here] = True
        reduced = cost[owner[here]] - row_price[owner[here]] - column_price
        closer = ~done & (reduced < distance)
        distance[closer], before[closer] = reduced[closer], here
        step_to = int(np.where(done, np.inf, distance).argmin())
        step = distance[step_to]
        row_price[owner[done]] += step
        column_price[done] -= step
        distance[~done] -= step
        here = step_to
        if owner[here] == 0:
            break
    while here:
        owner[here] = owner[before[here]]
        here = int(before[here])


def _home(clusters: Clusters[M]) -> Mapping[M, int]:
    return {mention: i for i, cluster in enumerate(clusters) for mention in cluster}


def _side(name: str, side: str) -> Measure:
    def value(columns: Columns) -> Array:
        whole = columns[f"{name}_precision_whole"] + columns[f"{name}_recall_whole"]
        return defined(
            divide(columns[f"{name}_{side}_part"], columns[f"{name}_{side}_whole"]), whole
        )

    return Measure(f"{name}_{side}", value, "coref_gold")


def _f1(name: str) -> Measure:
    def value(columns: Columns) -> Array:
        p = _side(name, "precision").value(columns)
        r = _side(name, "recall").value(columns)
        return defined(divide(2 * p * r, p + r), columns["coref_gold"])

    return Measure(f"{name}_f1", value, "coref_gold")


def _mean_f1(columns: Columns) -> Array:
    return np.asarray(sum(_f1(name).value(columns) for name in METRICS) / len(METRICS))


COREFERENCE_MEASURES: tuple[Measure, ...] = (
    *(
        measure
        for name in METRICS
        for measure in (_side(name, "precision"), _side(name, "recall"), _f1(name))
    ),
    Measure("conll_f1", _mean_f1, "coref_gold"),
)
"""MUC, B-cubed and CEAF-e, summed over documents, and the mean of their F1 (``conll_f1``).

Source:
    Pradhan et al., CoNLL 2012; definitions checked by Pradhan et al., ACL 2014.
"""
