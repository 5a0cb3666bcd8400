"""How the stance classifier errs, as measured on labelled quotes, for the trends to propagate.

The file holds, for each labelled quote, its true label and the probabilities that the model
gave: enough for the matrix of mean probabilities by true label, and for drawing new samples
of it, so that what is not known about the matrix itself widens the intervals too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from quotestance import fields
from quotestance.errors import InputError
from quotestance.quotes import STANCES
from quotestance.records import AnnotatedArticle

FORMAT = 1
SHIPPED = Path(__file__).parents[1] / "data" / "stance_confusion.json"
MIN_LABELLED = 20
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Confusion:
    """Labelled quotes beside what a model made of them.

    Args:
        model: Name and version of the model.
        measured_on: What the labels are, in words.
        labels: True label of each quote, an index into ``STANCES``; shape (n,).
        articles: Number of the article of each quote; shape (n,).
        probabilities: What the model gave each; shape (n, 3), in the order of ``STANCES``.
    """

    model: tuple[str | None, str | None]
    measured_on: str
    labels: NDArray[np.int64]
    articles: NDArray[np.int64]
    probabilities: Floats

    def matrix(self, weights: Floats | None = None) -> Floats:
        """Mean probabilities by true label: shape (3, 3), a row for each true label.

        Args:
            weights: Weight of each quote, shape (n,) or (draws, n); then (draws, 3, 3).
        """
        weights = np.ones(len(self.labels)) if weights is None else weights
        by_label = weights[..., None, :] * (self.labels == np.arange(len(STANCES))[:, None])
        sums = by_label @ self.probabilities
        return np.asarray(sums / by_label.sum(axis=-1, keepdims=True))

    def draws(self, count: int, rng: np.random.Generator) -> Floats:
        """Matrices of ``count`` samples of the labelled articles; shape (count, 3, 3).

        Samples that lack one of the labels are drawn again.
        """
        names, index = np.unique(self.articles, return_inverse=True)
        out = np.empty((0, len(STANCES), len(STANCES)))
        while len(out) < count:
            size = len(names)
            chosen = rng.multinomial(size, np.full(size, 1 / size), size=count)[:, index]
            whole = [chosen[:, self.labels == k].any(axis=1) for k in range(len(STANCES))]
            kept = chosen[np.logical_and.reduce(whole)].astype(np.float64)
            out = np.concatenate([out, self.matrix(kept)])
        return out[:count]

    def fits(self, model: tuple[str | None, str | None]) -> bool:
        """Whether it was measured on this model and version."""
        return self.model == model

    def to_dict(self) -> dict[str, Any]:
        """JSON object of the file; ``docs/ledger-schema.md`` describes it."""
        return {
            "format": FORMAT,
            "model": {"name": self.model[0], "version": self.model[1]},
            "measured_on": self.measured_on,
            "labels": list(STANCES),
            "counts": np.bincount(self.labels, minlength=len(STANCES)).tolist(),
            "matrix": np.round(self.matrix(), 4).tolist(),
            "sample": [
                [int(label), int(article), *(round(float(p), 4) for p in row)]
                for label, article, row in zip(
                    self.labels, self.articles, self.probabilities, strict=True
                )
            ],
        }

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Read the JSON object of the file.

        Raises:
            InputError: It is of another form; names the field.
        """
        read = fields.mapping(data, "confusion")
        if read.get("format") != FORMAT or read.get("labels") != list(STANCES):
            raise InputError(
                f"expected format {FORMAT} with the labels {', '.join(STANCES)}, "
                f"found {read.get('format')!r} with {read.get('labels')!r}",
                field="format",
            )
        sample = fields.items(read, "sample", "")
        for i, row in enumerate(sample):
            if not _is_row(row):
                raise fields.fault(
                    "[label, article, three probabilities that sum to 1]", row, f"sample[{i}]"
                )
        table = np.array(sample, dtype=np.float64).reshape(-1, 5)
        labels = table[:, 0].astype(np.int64)
        counts = np.bincount(labels, minlength=len(STANCES))
        if counts.min() < MIN_LABELLED:
            raise fields.fault(
                f"at least {MIN_LABELLED} quotes of each label", counts.tolist(), "sample"
            )
        model = fields.mapping(read.get("model") or {}, "model")
        return cls(
            model=(model.get("name"), model.get("version")),
            measured_on=fields.required_text(read, "measured_on", ""),
            labels=labels,
            articles=table[:, 1].astype(np.int64),
            probabilities=table[:, 2:] / table[:, 2:].sum(axis=1, keepdims=True),
        )

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read the file.

        Raises:
            InputError: It is missing or of another form; names file and field.
        """
        try:
            return cls.from_dict(json.loads(Path(path).read_bytes()))
        except InputError as error:
            raise error.at(path) from None
        except (OSError, ValueError) as error:
            raise InputError(f"cannot be read: {error}", file=path) from None


def _is_row(row: object) -> bool:
    return (
        isinstance(row, list)
        and len(row) == 5
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in row)
        and row[0] in (0, 1, 2)
        and min(row[2:]) >= 0
        and abs(sum(row[2:]) - 1) < 0.01
    )


def shipped() -> Confusion | None:
    """What was measured of the shipped model; None where the package carries no such file."""
    return Confusion.read(SHIPPED) if SHIPPED.is_file() else None


def measure(
    gold: Sequence[AnnotatedArticle], found: Sequence[AnnotatedArticle], measured_on: str
) -> Confusion:
    """Set what a model found beside the hand labels of the same articles.

    A quote found counts for the labelled one whose content it overlaps most, if the two share
    at least half of their code points (Dice).

    Args:
        gold: Hand-labelled articles.
        found: The model's records of them, by the same ids.
        measured_on: What the labels are, in words.

    Raises:
        InputError: No labelled quote was found by the model.
    """
    by_id = {doc.id: doc for doc in found}
    rows: list[tuple[int, int, Mapping[str, float]]] = []
    for number, doc in enumerate(gold):
        for quote in by_id[doc.id].quotes if doc.id in by_id else ():
            label = _label(doc, quote.content)
            if label is not None and quote.stance and quote.stance.probabilities:
                rows.append((STANCES.index(label), number, quote.stance.probabilities))
    if not rows:
        raise InputError("no labelled quote was found by the model", field="quotes")
    model = (found[0].model or {}) if found else {}
    return Confusion(
        model=(model.get("name"), model.get("version")),
        measured_on=measured_on,
        labels=np.array([label for label, _, _ in rows]),
        articles=np.array([article for _, article, _ in rows]),
        probabilities=np.array([[p[name] for name in STANCES] for _, _, p in rows]),
    )


def _label(doc: AnnotatedArticle, content: Sequence[Any]) -> str | None:
    """The label of the labelled quote that overlaps most, or None below one half."""
    taken = {i for span in content for i in range(*span)}
    best, label = 0.5, None
    for quote in doc.quotes:
        own = {i for span in quote.content for i in range(*span)}
        shared = 2 * len(own & taken) / max(1, len(own) + len(taken))
        if quote.stance is not None and shared >= best:
            best, label = shared, quote.stance.label
    return label
