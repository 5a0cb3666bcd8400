"""Labelled articles for training: files, records or datasets in, checked records out."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotestance.checking.duplicates import Duplicates
from quotestance.errors import InputError
from quotestance.jsonl import read_jsonl
from quotestance.quotes import Quote
from quotestance.records import AnnotatedArticle, Article

#: Files, records, or a ``datasets.Dataset`` whose rows are records.
Data = Any
_FORMAT = "one article a line with text and quotes, as docs/format.md describes"
_SAME = 0.8
_PRONOUNS = frozenset({"he", "she", "him", "her"})


@dataclass(frozen=True)
class Source:
    """Where labelled articles came from, for the model card.

    Args:
        name: File name, or what was passed.
        sha256: Checksum of the file; of the records as JSON where there is no file.
        articles: Number of articles.
        quotes: Number of labelled quotes.
    """

    name: str
    sha256: str
    articles: int
    quotes: int


@dataclass(frozen=True)
class Labelled:
    """Labelled articles of one argument.

    Args:
        name: The argument: ``train``, ``dev`` or ``replay``.
        docs: The articles.
        sources: Where they came from.
    """

    name: str
    docs: tuple[AnnotatedArticle, ...]
    sources: tuple[Source, ...]


def read_labelled(data: Data, name: str) -> Labelled:
    """Read the labelled articles of an argument of ``train``.

    Args:
        data: A path, a list of paths, a list of records (``AnnotatedArticle`` or mappings), or a
            ``datasets.Dataset`` of records.
        name: Name of the argument, for error messages.

    Raises:
        InputError: It is something else, a file or a row breaks the format, or nothing in it is
            labelled.
    """
    _refuse(data, name)
    if isinstance(data, str | Path):
        data = [data]
    if _is_dataset(data):
        parts = [(f"{name} (datasets.Dataset)", [_plain_row(row) for row in data])]
    else:
        items = list(data)
        if all(isinstance(item, str | Path) for item in items):
            return _labelled(name, [_read_file(Path(item)) for item in items])
        parts = [(f"{name} (records in memory)", items)]
    return _labelled(name, [_from_rows(label, rows, name) for label, rows in parts])


def _refuse(data: Data, name: str) -> None:
    kind = type(data)
    if kind.__module__.startswith("datasets") and isinstance(data, Mapping):
        splits = list(data)
        raise InputError(
            f"expected a Dataset, found a {kind.__name__} with the splits {splits}",
            field=name,
            hint=f"did you mean to select one of them: {name}=dataset[{splits[0]!r}]?"
            if splits
            else None,
        )
    if isinstance(data, Mapping | Article | bytes) or not isinstance(data, Iterable | str | Path):
        raise InputError(
            f"expected files, a list of records or a datasets.Dataset, found {kind.__name__}",
            field=name,
            hint=f'{name}="labelled.jsonl", {name}=[record, record] or {name}=dataset',
        )


def _is_dataset(data: Data) -> bool:
    return type(data).__module__.startswith("datasets")


def _read_file(path: Path) -> tuple[list[AnnotatedArticle], Source]:
    docs = [doc for _, doc in read_jsonl(path, _record)]
    _check_some(docs, str(path))
    return docs, _source(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), docs)


def _from_rows(label: str, rows: Sequence[Any], name: str) -> tuple[list[AnnotatedArticle], Source]:
    docs = []
    for i, row in enumerate(rows):
        if isinstance(row, AnnotatedArticle):
            docs.append(row)
            continue
        if isinstance(row, Article):
            raise InputError(
                "expected a labelled record, found an Article without quotes",
                field=f"{name}[{i}]",
                hint="pass qs.AnnotatedArticle objects, or mappings with text and quotes",
            )
        try:
            docs.append(_record(row))
        except InputError as error:
            place = f"{name}[{i}]" + (f".{error.field}" if error.field else "")
            raise InputError(error.reason, field=place, hint=error.hint) from None
    _check_some(docs, name)
    text = "\n".join(doc.to_json() for doc in docs)
    return docs, _source(label, hashlib.sha256(text.encode()).hexdigest(), docs)


def _record(value: Any) -> AnnotatedArticle:
    if isinstance(value, Mapping) and "quotes" not in value:
        found = "attributions" if "attributions" in value else ", ".join(map(str, value))
        raise InputError(
            f"expected a list of labelled quotes, found no such key (keys: {found})",
            field="quotes",
            hint='an article in which nobody is quoted has "quotes": []; other formats: '
            "quotestance convert",
        )
    return AnnotatedArticle.from_dict(value)


def _check_some(docs: Sequence[AnnotatedArticle], where: str) -> None:
    if not docs:
        raise InputError("expected labelled articles, found none", file=where, hint=_FORMAT)
    if not any(quote.content for doc in docs for quote in doc.quotes):
        raise InputError(
            f"expected labelled quotes, found none in {len(docs)} articles",
            file=where,
            hint="is this the file before labelling? Each quote needs at least id and content",
        )


def _source(name: str, sha256: str, docs: Sequence[AnnotatedArticle]) -> Source:
    return Source(name, sha256, len(docs), sum(len(doc.quotes) for doc in docs))


def _labelled(name: str, parts: Sequence[tuple[list[AnnotatedArticle], Source]]) -> Labelled:
    if not parts:
        raise InputError("expected at least one labelled file, found none", field=name)
    docs = [doc for part, _ in parts for doc in part]
    named = [
        doc if doc.id else dataclasses.replace(doc, id=f"{name}[{i}]") for i, doc in enumerate(docs)
    ]
    return Labelled(name, tuple(named), tuple(source for _, source in parts))


def _plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of an Arrow table as the record it was made from.

    A table has every key in every row; None stands for a key that the record lacks. Only of
    ``target`` None means something, "about nothing in particular", where a stance is labelled.
    """
    out = {key: value for key, value in row.items() if value is not None}
    if isinstance(out.get("quotes"), list):
        out["quotes"] = [_plain_quote(quote) for quote in out["quotes"]]
    return out


def _plain_quote(quote: Any) -> Any:
    if not isinstance(quote, Mapping):
        return quote
    kept = {"target"} if quote.get("stance") is not None else set()
    return {key: value for key, value in quote.items() if value is not None or key in kept}


def check_separate(train: Labelled, dev: Labelled) -> None:
    """Refuse dev articles that stand twice or that the train articles hold too.

    Raises:
        InputError: An id stands twice in dev, or an article stands in both.
    """
    seen: set[str] = set()
    for doc in dev.docs:
        if doc.id in seen:
            raise InputError(
                f"expected each article once, found the id {doc.id!r} twice", field=dev.name
            )
        seen.add(doc.id)
    known = Duplicates(_SAME)
    for doc in train.docs:
        known.add(doc.text)
    for doc in dev.docs:
        found = known.add(doc.text)
        if found is not None and found[0] < len(train.docs):
            same = "the same text as" if found[1] == 1.0 else f"{found[1]:.0%} of the words of"
            raise InputError(
                f"expected articles that the train data does not hold, found {doc.id!r}, "
                f"{same} {train.docs[found[0]].id!r} of {train.name}",
                field=dev.name,
                hint="figures on articles that were trained on say nothing; "
                "take them out of one of the two",
            )


def available_tasks(docs: Iterable[AnnotatedArticle]) -> tuple[str, ...]:
    """The tasks for which the articles hold at least one label."""
    quotes = [quote for doc in docs for quote in doc.quotes]
    found = {
        "quotes": any(quote.content for quote in quotes),
        "attribution": any(quote.content and (quote.source or quote.cue) for quote in quotes),
        "speakers": any(_names_pronoun(quote) for quote in quotes),
        "stance": any(quote.is_quote and quote.content and quote.stance for quote in quotes),
    }
    return tuple(task for task, there in found.items() if there)


def _names_pronoun(quote: Quote) -> bool:
    named = quote.speaker is not None and quote.speaker.name is not None
    return named and len(quote.source) == 1 and quote.source[0].text.lower() in _PRONOUNS


_MISSING = {
    "quotes": "quotes with content",
    "attribution": "quotes with a source or a cue",
    "speakers": "quotes whose source is a pronoun (he, she) and whose speaker has a name",
    "stance": "quotes with a stance",
}


def check_labels(data: Labelled, tasks: Iterable[str]) -> None:
    """Refuse tasks for which there is no label.

    Raises:
        InputError: A task has no label in the data.
    """
    there = available_tasks(data.docs)
    for task in tasks:
        if task not in there:
            raise InputError(
                f"expected {_MISSING[task]} for the task {task!r}, found none in "
                f"{len(data.docs)} articles",
                field=data.name,
                hint=f"the labels are enough for: {', '.join(there)}; "
                f"leave {task!r} out of the tasks, or label it",
            )


def without_stance(docs: Iterable[AnnotatedArticle]) -> list[AnnotatedArticle]:
    """The articles as if target and stance had not been labelled."""
    unset: dict[str, Any] = {
        "stance": None, "target": None, "target_type": None, "target_span": None
    }  # fmt: skip

    def strip(quote: Quote) -> Quote:
        missing = quote.unlabelled | {"stance", "target", "target_type"}
        return dataclasses.replace(quote, unlabelled=missing, **unset)

    return [
        dataclasses.replace(doc, quotes=tuple(strip(quote) for quote in doc.quotes)) for doc in docs
    ]


def uncorrected(docs: Iterable[AnnotatedArticle]) -> int:
    """How many articles are a model's own output that nobody corrected."""
    return sum(doc.model is not None and not doc.extra.get("corrected") for doc in docs)
