"""brat standoff: a ``.txt`` and an ``.ann`` file for each article.

Format: https://brat.nlplab.org/standoff.html (Stenetorp et al., EACL 2012). The pieces of a role
are one text-bound annotation, discontinuous where there are several; relations join the content
with its cue, source and target; attributes hold the labels of one word. brat keeps the words of an
annotation on one line, so pieces are cut at line breaks and joined again on reading. Names (of
speakers, channels, targets) have no place in brat: they stand, with all else that does not fit,
as JSON in the note of the content, and what belongs to the article in ``NAME.json``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from quotestance import fields
from quotestance.errors import InputError
from quotestance.interop.exchange import (
    ROLES,
    SURROGATE,
    choices_of,
    envelope,
    forbid,
    in_order,
    merge,
    one_line,
    rebuild,
    refuse_span,
    set_spans,
    spans_of,
)
from quotestance.jsonl import decode, parse_line
from quotestance.quotes import KINDS, MODES, POLARITIES, STANCES, TARGET_TYPES, Quote, Span
from quotestance.records import AnnotatedArticle

__all__ = ["ANNOTATION_CONF", "read_brat", "write_brat"]

_TYPES = {"content": "Content", "cue": "Cue", "source": "Source", "target_span": "Target"}
_ROLE = {name: role for role, name in _TYPES.items()}
_ATTRIBUTES = {
    "kind": ("Kind", KINDS),
    "polarity": ("Polarity", POLARITIES),
    "mode": ("Mode", MODES),
    "stance": ("Stance", STANCES),
    "target_type": ("TargetType", TARGET_TYPES),
}
_KEY = {name: key for key, (name, _) in _ATTRIBUTES.items()}
_NO_QUOTE = "NoQuote"

# Where a Python reader of brat sees a line end (str.splitlines).
_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_WORDS = re.compile(f"[^{_BREAKS}]+")
_ONLY_BREAKS = re.compile(f"[{_BREAKS}]*")

Pairs = list[list[int]]

ANNOTATION_CONF = "\n".join(
    [
        "[entities]", *_TYPES.values(), "", "[relations]",
        *(f"Has{name}\tArg1:Content, Arg2:{name}" for name in list(_TYPES.values())[1:]),
        "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", "", "[events]", "",
        "[attributes]",
        *(f"{name}\tArg:Content, Value:{'|'.join(values)}"
          for name, values in _ATTRIBUTES.values()),
        f"{_NO_QUOTE}\tArg:Content", "",
    ]
)  # fmt: skip


def write_brat(docs: Iterable[AnnotatedArticle], folder: str | Path) -> list[Path]:
    """Write each article as ``NUMBER-ID.txt``, ``.ann`` and ``.json``, and ``annotation.conf``.

    Args:
        docs: Predictions or labelled articles.
        folder: Made where it is missing.

    Returns:
        The ``.ann`` files, in the order of the articles.

    Raises:
        InputError: A text cannot be written as UTF-8, a quote has no content, or a role is empty
            or has pieces that overlap; names the article, offset and character.
    """
    folder = Path(folder)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "annotation.conf").write_text(ANNOTATION_CONF, encoding="utf-8", newline="\n")
        for number, doc in enumerate(docs, 1):
            forbid(doc, SURROGATE, "brat", "its files are UTF-8")
            lines = _Writer(doc).lines
            slug = re.sub(r"[^A-Za-z0-9]+", "-", doc.id).strip("-")[:60]
            stem = folder / (f"{number:05d}-{slug}" if slug else f"{number:05d}")
            _write(stem.with_name(stem.name + ".txt"), doc.text)
            _write(stem.with_name(stem.name + ".json"), one_line(envelope(doc)) + "\n")
            written.append(stem.with_name(stem.name + ".ann"))
            _write(written[-1], "".join(line + "\n" for line in lines))
    except OSError as error:
        hint = "choose another folder"
        raise InputError(f"cannot be written: {error.strerror}", file=folder, hint=hint) from None
    return written


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))  # no newline is translated


class _Writer:
    """The lines of the ``.ann`` file of one article."""

    def __init__(self, doc: AnnotatedArticle) -> None:
        self.doc = doc
        self.lines: list[str] = []
        self.count = dict.fromkeys("TRA#", 0)
        for quote in doc.quotes:
            self._quote(quote)

    def _add(self, kind: str, rest: str) -> str:
        self.count[kind] += 1
        name = f"{kind}{self.count[kind]}"
        self.lines.append(f"{name}\t{rest}")
        return name

    def _quote(self, quote: Quote) -> None:
        if not quote.content:
            raise InputError(
                f"article {self.doc.id!r}, quote {quote.id!r}: brat cannot hold a quote "
                "without content",
                field="content",
                hint="drop the quote, or mark its words",
            )
        content = self._textbound(quote, "content")
        for role in ROLES[1:]:
            if spans_of(quote, role):
                other = self._textbound(quote, role)
                self._add("R", f"Has{_TYPES[role]} Arg1:{content} Arg2:{other}")
        data = quote.to_dict()
        for key, value in choices_of(data).items():
            if key == "is_quote":
                self._add("A", f"{_NO_QUOTE} {content}")
            else:
                self._add("A", f"{_ATTRIBUTES[key][0]} {content} {value}")
        self._add("#", f"AnnotatorNotes {content}\t{one_line(data)}")

    def _textbound(self, quote: Quote, role: str) -> str:
        spans = spans_of(quote, role)
        for span in spans:
            if not _fragments(self.doc.text, [span]):
                why = "an annotation holds a character that is no line break"
                raise refuse_span(self.doc, quote, role, span, "brat", why)
        fragments = _fragments(self.doc.text, sorted(spans))
        for before, after in itertools.pairwise(fragments):
            if after[0] < before[1]:
                span = Span(after[0], after[1])
                why = "the pieces of an annotation must not overlap"
                raise refuse_span(self.doc, quote, role, span, "brat", why)
        places = ";".join(f"{start} {end}" for start, end in fragments)
        words = " ".join(self.doc.text[start:end] for start, end in fragments)
        return self._add("T", f"{_TYPES[role]} {places}\t{words}")


def _fragments(text: str, spans: Iterable[Span]) -> Pairs:
    """The spans cut at line breaks, as brat stores them."""
    return [
        list(match.span()) for start, end in spans for match in _WORDS.finditer(text, start, end)
    ]


def _joined(text: str, fragments: Pairs) -> Pairs:
    """Fragments with nothing but line breaks between them, as one span."""
    out: Pairs = []
    for start, end in fragments:
        if out and _ONLY_BREAKS.fullmatch(text, out[-1][1], start):
            out[-1][1] = end
        else:
            out.append([start, end])
    return out


def read_brat(folder: str | Path) -> list[AnnotatedArticle]:
    """Records from a folder of brat files, in the order of their names.

    Args:
        folder: Holds ``NAME.txt`` with ``NAME.ann`` (an article without one has no quotes) and,
            from ``write_brat``, ``NAME.json``.

    Raises:
        InputError: A file is missing, is not UTF-8, or a line does not fit; names file and line.
    """
    texts = sorted(Path(folder).glob("*.txt"))
    if not texts:
        hint = "name the folder that holds the .txt and .ann files"
        raise InputError("expected .txt files, found none", file=folder, hint=hint)
    return [_read(path) for path in texts]


def _read(path: Path) -> AnnotatedArticle:
    text = _load(path)
    ann, side = path.with_suffix(".ann"), path.with_suffix(".json")
    article: dict[str, Any] = {"id": path.stem}
    if side.exists():
        try:
            article = fields.mapping(parse_line(_load(side)), "article")
        except InputError as error:
            raise error.at(side, 1) from None
    quotes = _Reader(text, ann).quotes() if ann.exists() else []
    try:
        return rebuild(text, article, in_order(quotes))
    except InputError as error:
        raise error.at(ann) from None


def _load(path: Path) -> str:
    try:
        return decode(path.read_bytes(), path)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path) from None


class _Reader:
    """One ``.ann`` file, read."""

    def __init__(self, text: str, path: Path) -> None:
        self.text, self.path = text, path
        self.bound: dict[str, tuple[str, Pairs]] = {}
        self.links: list[tuple[str, str, int]] = []
        self.labels: dict[str, dict[str, Any]] = {}
        self.notes: dict[str, dict[str, Any]] = {}
        for number, line in enumerate(_load(path).split("\n"), 1):
            if line.strip():
                try:
                    self._line(line.rstrip("\r"), number)
                except InputError as error:
                    raise error.at(path, number) from None
        for _, target, number in self.links:
            if target not in self.bound:
                raise InputError(
                    f"expected the id of an annotation, found {target!r}", file=path, line=number
                )

    def _line(self, line: str, number: int) -> None:
        name, _, rest = line.partition("\t")
        body, _, tail = rest.partition("\t")
        if name.startswith("T"):
            self._textbound(name, body, tail)
        elif name.startswith("R"):
            self._relation(body, number)
        elif name.startswith(("A", "M")):
            self._attribute(body)
        elif name.startswith("#"):
            self._note(body, tail)
        else:
            raise InputError(
                f"expected a line that starts with T, R, A or #, found {name[:20]!r}",
                hint="events, equivalences and normalizations have no counterpart in our records",
            )

    def _textbound(self, name: str, body: str, words: str) -> None:
        type_, _, places = body.partition(" ")
        if type_ not in _ROLE:
            raise InputError(f"expected one of {', '.join(_ROLE)}, found {type_!r}", field=name)
        pieces = [re.fullmatch(r"(\d+) (\d+)", place) for place in places.split(";")]
        if not all(pieces):
            raise InputError(f"expected START END[;START END], found {places!r}", field=name)
        fragments = [[int(piece[1]), int(piece[2])] for piece in pieces if piece]
        for start, end in fragments:
            if not start < end <= len(self.text):
                expected = f"a span within the {len(self.text)} characters of the text"
                raise InputError(f"expected {expected}, found {start} {end}", field=name)
        found = " ".join(self.text[start:end] for start, end in fragments)
        if found != words:
            raise InputError(
                f"expected the words {words[:60]!r}, found {found[:60]!r} at {places}",
                field=name,
                hint="the text was changed, or the offsets do not count code points with every "
                "line-end character; brat's page counts CRLF as one (nlplab/brat#853)",
            )
        self.bound[name] = (_ROLE[type_], fragments)

    def _relation(self, body: str, number: int) -> None:
        match = re.fullmatch(r"\S+ Arg1:(\S+) Arg2:(\S+)\s*", body)
        if not match:
            raise InputError(f"expected TYPE Arg1:ID Arg2:ID, found {body[:60]!r}")
        self.links += [(match[1], match[2], number), (match[2], match[1], number)]

    def _attribute(self, body: str) -> None:
        name, target, *value = body.split(" ")
        if name == _NO_QUOTE:
            self.labels.setdefault(target, {})["is_quote"] = False
        elif name not in _KEY or not value or value[0] not in _ATTRIBUTES[_KEY[name]][1]:
            known = ", ".join(_KEY)
            raise InputError(f"expected one of {known} with its value, found {body[:60]!r}")
        else:
            self.labels.setdefault(target, {})[_KEY[name]] = value[0]

    def _note(self, body: str, tail: str) -> None:
        _, _, target = body.partition(" ")
        if tail.startswith("{"):
            self.notes[target] = fields.mapping(parse_line(tail), f"note of {target}")

    def quotes(self) -> list[tuple[int, dict[str, Any]]]:
        """Each quote with its number in the record that was written, -1 if it is new."""
        order = {name: i for i, name in enumerate(self.notes)}
        return [
            (order.get(name, -1), self._quote(name, fragments))
            for name, (role, fragments) in self.bound.items()
            if role == "content"
        ]

    def _quote(self, name: str, fragments: Pairs) -> dict[str, Any]:
        found: dict[str, Pairs] = {role: [] for role in ROLES} | {"content": fragments}
        for one, other, _ in self.links:
            if one == name and self.bound[other][0] != "content":
                role, pieces = self.bound[other]
                found[role] = sorted(found[role] + pieces)
        carried = self.notes.get(name, {})
        before: dict[str, Any] = {}
        if carried:
            quote = Quote.from_dict(carried, name)
            before = choices_of(carried)
            for role in ROLES:
                pieces = _fragments(self.text, sorted(spans_of(quote, role)))
                set_spans(before, role, _joined(self.text, pieces))
        now: dict[str, Any] = dict(self.labels.get(name, {}))
        for role in ROLES:
            set_spans(now, role, _joined(self.text, found[role]))
        return merge(carried, before, now)


def carriage_returns(docs: Iterable[AnnotatedArticle]) -> list[str]:
    """Ids of the articles that brat's page would show shifted: it counts CRLF as one."""
    return [doc.id for doc in docs if "\r" in doc.text]
