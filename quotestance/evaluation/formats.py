"""The corpora that can be evaluated by name, their rows as records, and predictions for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from quotestance.errors import InputError
from quotestance.evaluation.corpora.coreference import read_gap, read_gum
from quotestance.evaluation.corpora.examples import CorefDocument, GapExample, TargetedSentence
from quotestance.evaluation.corpora.parc import read_parc
from quotestance.evaluation.corpora.polnear import read_polnear
from quotestance.evaluation.corpora.sentences import read_dse, read_newsmtsc
from quotestance.evaluation.scoring import Row
from quotestance.jsonl import parse_line, read_lines
from quotestance.quotes import Entity, Quote, Span, Stance
from quotestance.records import AnnotatedArticle, read_records

Kind = Literal["quotes", "sentences", "gap", "coreference"]


@dataclass(frozen=True)
class Corpus:
    """A corpus format.

    Args:
        name: As on the command line.
        kind: Which figures it gives.
        read: Reads all rows of a file or folder, several annotators an article included.
        attributions: Whether every attribution counts, whatever ``is_quote`` says.
        key: A key that a row has and a record of ours has not; tells the two apart.
    """

    name: str
    kind: Kind
    read: Callable[[str | Path], Sequence[Row]]
    attributions: bool = False
    key: str | None = None


def _read_annotations(path: str | Path) -> list[AnnotatedArticle]:
    return read_polnear(path, annotators="all")


CORPORA = {
    corpus.name: corpus
    for corpus in (
        Corpus("quotestance", "quotes", read_records),
        Corpus("polnear", "quotes", _read_annotations, attributions=True, key="attributions"),
        Corpus("parc", "quotes", read_parc, attributions=True),
        Corpus("newsmtsc", "sentences", read_newsmtsc, key="label"),
        Corpus("dse", "sentences", read_dse, key="label"),
        Corpus("gap", "gap", read_gap, key="candidates"),
        Corpus("gum", "coreference", read_gum, key="mentions"),
    )
}
"""Formats by name."""


def corpus_named(name: str) -> Corpus:
    """The format of that name; raises ``InputError`` where there is none."""
    if name not in CORPORA:
        raise InputError(
            f"expected one of {', '.join(CORPORA)}, found {name!r}",
            field="corpus",
            hint="convert other corpora to our records: see docs/evaluation.md",
        )
    return CORPORA[name]


def as_record(row: Row) -> AnnotatedArticle:
    """A gold row as a record, in the form that predictions for its corpus have.

    A sentence with a target becomes one quote that holds all of it; a pronoun with its true
    candidates, or a cluster of mentions, becomes an entity.
    """
    if isinstance(row, TargetedSentence):
        quote = Quote(
            id="q1",
            content=(Span(0, len(row.text)),),
            source=(row.holder,) if row.holder else (),
            stance=Stance(row.label),
            target=row.target.text,
            target_span=row.target,
        )
        return AnnotatedArticle(text=row.text, id=row.id, quotes=(quote,))
    if isinstance(row, GapExample):
        true = tuple(span for span, label in row.candidates if label)
        other = tuple(span for span, label in row.candidates if not label)
        entities = [Entity("e1", None, "person", tuple(sorted((row.pronoun, *true))))]
        entities += [Entity(f"e{i}", None, "person", (span,)) for i, span in enumerate(other, 2)]
        return AnnotatedArticle(text=row.text, id=row.id, entities=tuple(entities))
    if isinstance(row, CorefDocument):
        clusters: dict[int, list[Span]] = {}
        kinds: dict[int, str] = {}
        for mention in row.mentions:
            clusters.setdefault(mention.cluster, []).append(mention.span)
            kinds.setdefault(mention.cluster, mention.entity_type)
        found = (Entity(f"e{c}", None, kinds[c], tuple(m)) for c, m in clusters.items())
        return AnnotatedArticle(text=row.text, id=row.id, entities=tuple(found))
    return row


def read_predictions(corpus: Corpus, path: str | Path) -> list[AnnotatedArticle]:
    """Predictions for a corpus: our records, or a file in the format of the corpus itself.

    Args:
        corpus: The format.
        path: The file, or a folder where the corpus comes in folders.

    Returns:
        One record an article.

    Raises:
        InputError: A line breaks the format; names file, line and field.
    """
    path = Path(path)
    if path.is_dir() or (corpus.name == "parc" and path.suffix != ".jsonl"):
        return first_of_each(corpus.read(path))
    if corpus.key is not None and corpus.key in _first_keys(path):
        return [as_record(row) for row in first_of_each(corpus.read(path))]
    return read_records(path)


def _first_keys(path: Path) -> set[str]:
    for number, line in read_lines(path):
        try:
            value: Any = parse_line(line)
        except InputError as error:
            raise error.at(path, number) from None
        return set(value) if isinstance(value, dict) else set()
    return set()


def first_of_each(rows: Sequence[Any]) -> list[Any]:
    """The rows without later annotations of an article by other annotators.

    Rows of one id that name no different annotators stay, and the scorer refuses them.
    """
    annotators: dict[str, set[str | None]] = {}
    kept = []
    for row in rows:
        name = row.meta.get("annotator") if isinstance(row, AnnotatedArticle) else None
        seen = annotators.setdefault(row.id, set())
        if not seen or name is None or name in seen:
            kept.append(row)
        seen.add(name)
    return kept
