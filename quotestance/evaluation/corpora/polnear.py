"""PolNeAR: attributions of US political news, as JSON lines or the corpus's standoff folders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from quotestance import fields
from quotestance.errors import InputError
from quotestance.evaluation.corpora.examples import spans_of
from quotestance.jsonl import decode, read_jsonl, read_lines
from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle

UNLABELLED = frozenset(
    {"kind", "speakers", "via", "polarity", "mode", "stance", "target", "target_type"}
)
ROLES = ("source", "cue", "content")
_TEXT_BOUND = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t.*)?", re.DOTALL)
_EVENT = re.compile(r"(E\d+)\t(\S+:T\d+(?: \S+:T\d+)*) ?")
_NAME = re.compile(r"(?P<publisher>[^_]+)_(?P<date>\d{4}-\d{2}-\d{2})_.*")


def attribution(
    name: str, content: tuple[Span, ...], cue: tuple[Span, ...], source: tuple[Span, ...]
) -> Quote:
    """A quote of which only the spans are labelled, as attribution corpora have it."""
    return Quote(
        id=name,
        content=content,
        cue=cue,
        source=source,
        polarity=None,
        mode=None,
        unlabelled=UNLABELLED,
    )


def read_polnear(
    path: str | Path, annotators: Literal["first", "all"] = "first"
) -> list[AnnotatedArticle]:
    """Articles of PolNeAR with every attribution as a quote of which only spans are labelled.

    Attributions without content are kept (``content=()``): their cue and source still count.

    Args:
        path: JSON lines with ``id``, ``annotator``, ``publisher``, ``date``, ``title``, ``text``
            and ``attributions`` (``id``, ``source``, ``cue``, ``content``), or a folder of the
            corpus itself, with ``text/ID.txt`` and ``attributions/ID_ANNOTATOR.ann`` in it or
            one level below.
        annotators: ``first`` keeps the first row of each article, ``all`` every row; the name
            stands in ``meta["annotator"]``.

    Returns:
        Articles in file order (by name for a folder).

    Raises:
        InputError: A file breaks the format; names file, line and field.

    Source:
        Newell, Margolin and Ruths, LREC 2018.
    """
    path = Path(path)
    found = _standoff(path) if path.is_dir() else (row for _, row in read_jsonl(path, _row))
    rows = list(found)
    if annotators == "all":
        return rows
    first: dict[str, AnnotatedArticle] = {}
    for row in rows:
        first.setdefault(row.id, row)
    return list(first.values())


def _row(value: object) -> AnnotatedArticle:
    data = fields.mapping(value, "")
    text = fields.required_text(data, "text", "")
    if "attributions" not in data:
        raise fields.fault("a list", None, "attributions")
    quotes = []
    for i, item in enumerate(fields.items(data, "attributions", "")):
        where = f"attributions[{i}]"
        given = fields.mapping(item, where)
        spans = {role: spans_of(given, role, where, text) for role in ROLES}
        quotes.append(attribution(fields.required_text(given, "id", where), **spans))
    return AnnotatedArticle(
        text=text,
        id=fields.required_text(data, "id", ""),
        title=fields.text_or_none(data, "title", ""),
        outlet=fields.text_or_none(data, "publisher", ""),
        date=fields.text_or_none(data, "date", ""),
        meta={"annotator": fields.text_or_none(data, "annotator", "")},
        quotes=tuple(quotes),
    )


def _standoff(folder: Path) -> Iterator[AnnotatedArticle]:
    files = sorted(folder.glob("attributions/*.ann")) or sorted(folder.glob("*/attributions/*.ann"))
    if not files:
        raise InputError(
            "expected attributions/ID_ANNOTATOR.ann beside text/ID.txt, found no such file",
            file=folder,
            hint="pass data/, or one of its parts such as data/dev, of a PolNeAR checkout",
        )
    for file in files:
        name, _, annotator = file.stem.rpartition("_")
        source = file.parent.parent / "text" / f"{name}.txt"
        if not source.is_file():
            raise InputError(f"expected the text of {file.name}, found no such file", file=source)
        text = decode(source.read_bytes(), source)
        known = _NAME.fullmatch(name)
        yield AnnotatedArticle(
            text=text,
            id=name,
            outlet=known and known["publisher"],
            date=known and known["date"],
            meta={"annotator": annotator},
            quotes=_read_ann(file, text),
        )


def _read_ann(file: Path, text: str) -> tuple[Quote, ...]:
    bound: dict[str, tuple[Span, ...]] = {}
    events: list[tuple[int, str, list[str]]] = []
    for number, line in read_lines(file):
        line = line.rstrip("\r\n")
        if match := _TEXT_BOUND.fullmatch(line):
            pieces = [[int(n) for n in piece.split()] for piece in match[3].split(";")]
            try:
                bound[match[1]] = spans_of({match[1]: pieces}, match[1], "", text)
            except InputError as error:
                raise error.at(file, number) from None
        elif match := _EVENT.fullmatch(line):
            events.append((number, match[1], match[2].split(" ")))
        elif not line.startswith(("#", "A", "R", "M", "*")):  # notes, attributes, relations
            raise InputError(
                f"expected a brat line T... or E..., found {line[:60]!r}",
                file=file,
                line=number,
                field="line",
            )
    quotes = []
    for number, name, parts in events:
        try:
            quotes.append(_event(bound, name, parts))
        except InputError as error:
            raise error.at(file, number) from None
    return tuple(quotes)


def _event(bound: dict[str, tuple[Span, ...]], name: str, parts: list[str]) -> Quote:
    """One brat event; the first part is the trigger, the others are ``Role:T``."""
    spans: dict[str, tuple[Span, ...]] = {role: () for role in ROLES}
    for part in parts[1:]:
        role, _, key = part.partition(":")
        role = role.rstrip("0123456789").lower()
        if role not in spans:
            raise fields.fault("Source, Cue or Content", role, name)
        if key not in bound:
            raise fields.fault("the name of a T line", key, name)
        spans[role] = tuple(sorted(spans[role] + bound[key]))
    return attribution(name, **spans)
