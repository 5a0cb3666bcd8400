"""``quotestance convert``: to and from the formats of annotation tools."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from quotestance.cli.common import fail, say
from quotestance.errors import InputError, QuotestanceError
from quotestance.jsonl import decode, parse_line
from quotestance.records import AnnotatedArticle, read_records, write_records


class Format(StrEnum):
    """The formats, by the names of ``--from`` and ``--to``."""

    QUOTESTANCE = "quotestance"
    LABEL_STUDIO = "label-studio"
    BRAT = "brat"
    CONLL = "conll"


_SUFFIXES = {
    ".jsonl": Format.QUOTESTANCE,
    ".json": Format.LABEL_STUDIO,
    ".conll": Format.CONLL,
    ".iob": Format.CONLL,
    "": Format.BRAT,
}


def convert(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="File, or folder for brat.")],
    target: Annotated[Path, typer.Argument(metavar="OUTPUT", help="File, or folder for brat.")],
    from_: Annotated[
        Format | None, typer.Option("--from", help="Told by the suffix of INPUT if not given.")
    ] = None,
    to: Annotated[
        Format | None, typer.Option("--to", help="Told by the suffix of OUTPUT if not given.")
    ] = None,
    annotator: Annotated[
        str | None,
        typer.Option(help="Label Studio: whose annotations (completed_by) of several."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Label Studio: write the labelling configuration here.")
    ] = None,
) -> None:
    """Convert labelled articles or predictions: our .jsonl, Label Studio, brat, CoNLL.

    What the other format cannot hold is refused, naming article, offset and character; what it
    carries only as free data is named on stderr.
    """
    try:
        docs = _read(source, from_ or _told(source, "--from"), annotator)
        _write(docs, target, to or _told(target, "--to"))
        if config is not None:
            from quotestance.interop.label_studio import LABELLING_CONFIG

            _save(config, LABELLING_CONFIG)
    except QuotestanceError as error:
        fail(error)
    say(f"{target}: {len(docs)} articles, {sum(len(doc) for doc in docs)} quotes")


def _told(path: Path, option: str) -> Format:
    kind = "" if path.is_dir() else path.suffix.lower()
    if kind not in _SUFFIXES:
        raise InputError(
            f"expected one of {', '.join(filter(None, _SUFFIXES))} or a folder, found {kind!r}",
            file=path,
            hint=f"name the format with {option}",
        )
    return _SUFFIXES[kind]


def _read(path: Path, kind: Format, annotator: str | None) -> list[AnnotatedArticle]:
    if kind is Format.QUOTESTANCE:
        return read_records(path)
    if kind is Format.BRAT:
        from quotestance.interop.brat import read_brat

        return read_brat(path)
    try:
        text = decode(path.read_bytes(), path).removeprefix("\ufeff")
    except OSError as error:
        hint = "check the path"
        raise InputError(f"cannot be read: {error.strerror}", file=path, hint=hint) from None
    if kind is Format.CONLL:
        from quotestance.interop.conll import from_conll

        return from_conll(text.split("\n"), str(path))
    from quotestance.interop.label_studio import from_label_studio

    try:
        return from_label_studio(parse_line(text), annotator)
    except InputError as error:
        raise error.at(path) from None


def _write(docs: list[AnnotatedArticle], path: Path, kind: Format) -> None:
    if kind is Format.BRAT:
        from quotestance.interop.brat import carriage_returns, write_brat

        write_brat(docs, path)
        for id_ in carriage_returns(docs):
            say(
                f"warning: article {id_!r} holds carriage returns: the files keep every offset, "
                "but brat's page counts CRLF as one character (nlplab/brat#853)"
            )
    elif kind is Format.CONLL:
        from quotestance.interop.conll import lost, to_conll

        _save(path, "".join(line + "\n" for line in to_conll(docs)))
        for message in (message for doc in docs for message in lost(doc)):
            say(f"warning: {message}; the comment of the quote holds it")
    elif kind is Format.LABEL_STUDIO:
        from quotestance.interop.label_studio import to_label_studio

        _save(path, json.dumps(to_label_studio(docs), indent=1) + "\n")
    else:
        try:
            write_records(path, docs)
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}", file=path) from None


def _save(path: Path, text: str) -> None:
    try:
        path.write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=path) from None
