"""How far two people who labelled the same articles agree."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from quotestance.errors import InputError
from quotestance.evaluation.bootstrap import Array, Columns, Measure, Scores, Table, divide, score
from quotestance.evaluation.disagreements import (
    Disagreement,
    disagreement_page,
    disagreement_table,
    disagreements,
)
from quotestance.evaluation.scoring import found_by_id, human_ceiling
from quotestance.evaluation.spans import ROLES, Alignment, Tokens, align
from quotestance.quotes import KINDS, MODES, POLARITIES, STANCES, Quote
from quotestance.records import AnnotatedArticle

if TYPE_CHECKING:
    from rich.console import Group

_LABELS: Mapping[str, Sequence[str]] = {
    "stance": STANCES,
    "polarity": POLARITIES,
    "mode": MODES,
    "kind": KINDS,
    "is_quote": ("yes", "no"),
}
# Every set of roles that a token may have: none, content, source and content, ...
_ROLE_SETS = tuple(
    "+".join(roles) or "none"
    for n in range(len(ROLES) + 1)
    for roles in itertools.combinations(ROLES, n)
)


@dataclass(frozen=True)
class Agreement:
    """The agreement of two annotators.

    Args:
        n: Articles that both labelled.
        scores: Figures by name, in percent (kappa and alpha times 100), with 95 % intervals over
            articles: pairwise F1 and accuracies of the benchmark metrics, ``stance_kappa`` and
            the kappa of the other labels, ``token_alpha`` and the alpha of each role.
        disagreements: Where the two differ, in the order of the articles.
        only_first: Ids of the articles that the second did not label.
        only_second: Ids of the articles that the first did not label.
    """

    n: int
    scores: Scores
    disagreements: tuple[Disagreement, ...]
    only_first: tuple[str, ...] = ()
    only_second: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """``{"n", "figures", "disagreements", "only_first", "only_second"}``."""
        return {
            "n": self.n,
            "figures": self.scores.to_dict(),
            "disagreements": [found.to_dict() for found in self.disagreements],
            "only_first": list(self.only_first),
            "only_second": list(self.only_second),
        }

    def to_html(self) -> str:
        """Figures and disagreements as one self-contained page."""
        return disagreement_page(self.disagreements, self.scores, self.n)

    def __rich__(self) -> Group:
        from rich.console import Group

        from quotestance.evaluation.report import table

        return Group(
            table({"agreement": self.scores}, title=f"{self.n} articles labelled by both"),
            disagreement_table(self.disagreements),
        )


def agreement(
    first: Sequence[AnnotatedArticle],
    second: Sequence[AnnotatedArticle],
    *,
    resamples: int = 1000,
) -> Agreement:
    """Compare the labels of two people over the articles that both labelled.

    The F1 figures are those of ``score_quotes`` with each annotator as gold in turn. Kappa is
    over quotes matched at half overlap that have the label on both sides; alpha is over counted
    tokens.

    Args:
        first: Labels of one annotator, each article once.
        second: Labels of the other; articles are found by id.
        resamples: Bootstrap resamples of articles; 0 for no intervals.

    Raises:
        InputError: No article is in both, an id stands twice, or a text differs.
    """
    by_id = found_by_id(first, second)
    both = [(one, by_id[one.id]) for one in first if one.id in by_id]
    if not both:
        raise InputError("expected articles that both labelled, found none", field="id")
    pairwise = human_ceiling(itertools.chain(*both), attributions=False, resamples=resamples)
    aligned = [align(one, other, attributions=True) for one, other in both]
    table = Table()
    for alignment in aligned:
        table.add(alignment.article.id, {**_label_counts(alignment), **_token_counts(alignment)})
    chance = score(table, _MEASURES, resamples)
    kept = {name: figure for name, figure in pairwise.items() if _symmetric(name)}
    known = {article.id for article, _ in both}
    return Agreement(
        n=len(both),
        scores=Scores({**kept, **chance}),
        disagreements=tuple(found for a in aligned for found in disagreements(a)),
        only_first=tuple(a.id for a in first if a.id not in known),
        only_second=tuple(a.id for a in second if a.id not in known),
    )


def _symmetric(name: str) -> bool:
    """Whether a figure says something of two people, of whom neither is right."""
    return name.endswith("_f1") or name in (
        *("accuracy", "mode_accuracy", "target_match", "speaker_right", "speaker_wrong"),
    )


def kappa(confusion: Array) -> Array:
    """Cohen's kappa of two annotators.

    Args:
        confusion: How often the first gave label i and the second label j, [labels, labels] or
            [labels, labels, resamples].

    Returns:
        1 for full agreement, 0 for what chance gives; NaN where only one label was given.

    Source:
        Cohen, "A coefficient of agreement for nominal scales", 1960.
    """
    total = confusion.sum(axis=(0, 1))
    agreed = divide(np.trace(confusion), total)
    by_chance = divide((confusion.sum(axis=1) * confusion.sum(axis=0)).sum(axis=0), total**2)
    return divide(agreed - by_chance, 1 - by_chance)


def alpha(confusion: Array) -> Array:
    """Krippendorff's alpha for nominal data, two annotators and no missing value.

    Args:
        confusion: As for ``kappa``.

    Returns:
        1 for full agreement, 0 for what chance gives; NaN where only one value was given.

    Source:
        Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, section C.
    """
    coincidences = confusion + np.swapaxes(confusion, 0, 1)
    values = coincidences.sum(axis=1)
    total = values.sum(axis=0)
    differing = total - np.trace(coincidences)
    return 1 - divide(differing * (total - 1), total**2 - (values**2).sum(axis=0))


def _label_counts(alignment: Alignment) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one, other in alignment.matched():
        quotes = one.quote.is_quote and other.quote.is_quote
        for key in _LABELS:
            a, b = label(one.quote, key), label(other.quote, key)
            if a is not None and b is not None and (quotes or key == "is_quote"):
                counts[_cell(key, a, b)] += 1
                counts[f"{key}:n"] += 1
    return counts


def label(quote: Quote, key: str) -> str | None:
    """The label of a quote, None where it is not labelled."""
    if key == "is_quote":
        return "yes" if quote.is_quote else "no"
    if not quote.has(key):
        return None
    value = quote.stance.label if key == "stance" and quote.stance else getattr(quote, key)
    return value if isinstance(value, str) else None


def _cell(key: str, first: str, second: str) -> str:
    return f"{key}:{first}:{second}"


def _token_counts(alignment: Alignment) -> Counter[str]:
    tokens = len(Tokens(alignment.article.text).starts)
    sides = []
    for units in (alignment.gold, alignment.predicted):
        roles: dict[int, list[str]] = {}
        for role in ROLES:
            for token in frozenset[int]().union(*(getattr(unit, role) for unit in units)):
                roles.setdefault(token, []).append(role)
        sides.append({token: "+".join(names) for token, names in roles.items()})
    counts: Counter[str] = Counter({"token:n": tokens})
    for token in range(tokens):
        a, b = (side.get(token, "none") for side in sides)
        counts[_cell("token", a, b)] += 1
        for role in ROLES:
            counts[_cell(role, str(role in a.split("+")), str(role in b.split("+")))] += 1
    return counts


def _measure(
    name: str, key: str, labels: Sequence[str], value: Callable[[Array], Array], size: str
) -> Measure:
    def compute(columns: Columns) -> Array:
        cells = [[columns[_cell(key, a, b)] for b in labels] for a in labels]
        return value(np.array(cells))

    return Measure(name, compute, size)


def _measures() -> Iterator[Measure]:
    for key, labels in _LABELS.items():
        yield _measure(f"{key}_kappa", key, labels, kappa, f"{key}:n")
    yield _measure("token_alpha", "token", _ROLE_SETS, alpha, "token:n")
    for role in ROLES:
        yield _measure(f"{role}_alpha", role, ("True", "False"), alpha, "token:n")


_MEASURES = tuple(_measures())
