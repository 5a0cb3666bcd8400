r"""CoNLL-style IOB: one token a line, tab-separated, with offsets and layers of tags.

The first line names the columns, as CoNLL-U Plus does::

    # global.columns = FORM START END ROLE1 QUOTE1 ROLE2 QUOTE2

A token is a match of ``\w+|[^\w\s]``, cut further where a span begins or ends. ``ROLE`` is
``B-CONTENT``, ``I-CONTENT``, ``B-CUE``, ... ``B-TARGET`` or ``O``; ``QUOTE`` is the number of the
quote in the article, or ``_``. Spans that overlap (a quote in a quote) stand in different layers.
An article starts with comments: ``# article`` (the record without text and quotes), ``# text``
(a JSON string) and ``# quote N`` (the whole quote); a blank line ends a paragraph or article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from quotestance import fields
from quotestance.errors import InputError
from quotestance.interop.exchange import (
    ROLES,
    SURROGATE,
    envelope,
    forbid,
    in_order,
    merge,
    one_line,
    rebuild,
    set_spans,
    spans_of,
)
from quotestance.jsonl import parse_line
from quotestance.quotes import Quote
from quotestance.records import AnnotatedArticle

_TOKEN = re.compile(r"\w+|[^\w\s]")
_TAGS = {"content": "CONTENT", "cue": "CUE", "source": "SOURCE", "target_span": "TARGET"}
_ROLE = {tag: role for role, tag in _TAGS.items()}
_FIXED = ("FORM", "START", "END")

Piece = tuple[int, int, str, int]


def to_conll(docs: Iterable[AnnotatedArticle]) -> Iterator[str]:
    """The lines of a CoNLL file, without their line ends.

    Args:
        docs: Predictions or labelled articles.

    Raises:
        InputError: A text holds a lone surrogate, which UTF-8 cannot write.
    """
    blocks = [(doc, *_layers(doc)) for doc in docs]
    depth = max((len(layers) for _, _, layers in blocks), default=1)
    names = [f"{name}{n}" for n in range(1, depth + 1) for name in ("ROLE", "QUOTE")]
    yield "# global.columns = " + " ".join([*_FIXED, *names])
    for doc, tokens, layers in blocks:
        yield from _block(doc, tokens, [*layers, *([{}] * (depth - len(layers)))])


def _layers(doc: AnnotatedArticle) -> tuple[list[tuple[int, int]], list[dict[int, str]]]:
    """The tokens of an article, and for each layer its tags by index of the token."""
    forbid(doc, SURROGATE, "CoNLL", "its files are UTF-8")
    pieces: list[Piece] = []
    for number, quote in enumerate(doc.quotes, 1):
        for role in ROLES:
            for start, end in visible(doc.text, quote, role):
                pieces.append((start, end, role, number))
    tokens = _tokens(doc.text, {edge for piece in pieces for edge in piece[:2]})
    starts = {start: i for i, (start, _) in enumerate(tokens)}
    ends = {end: i for i, (_, end) in enumerate(tokens)}
    layers: list[dict[int, str]] = [{}]
    for start, end, role, number in sorted(pieces, key=lambda p: (p[0], -p[1], p[3])):
        inside = range(starts[start], ends[end] + 1)
        layer = next((tags for tags in layers if not any(i in tags for i in inside)), None)
        if layer is None:
            layers.append(layer := {})
        for i in inside:
            layer[i] = f"{'B' if i == inside[0] else 'I'}-{_TAGS[role]}\t{number}"
    return tokens, layers


def visible(text: str, quote: Quote, role: str) -> list[tuple[int, int]]:
    """The pieces of a role as tags can show them: without white space at the edges, each once."""
    out = set()
    for start, end in spans_of(quote, role):
        words = text[start:end]
        if words.strip():
            left = len(words) - len(words.lstrip())
            out.add((start + left, start + len(words.rstrip())))
    return sorted(out)


def _tokens(text: str, edges: set[int]) -> list[tuple[int, int]]:
    out = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        for cut in range(start + 1, end):
            if cut in edges:
                out.append((start, cut))
                start = cut
        out.append((start, end))
    return out


def _block(
    doc: AnnotatedArticle, tokens: Sequence[tuple[int, int]], layers: Sequence[Mapping[int, str]]
) -> Iterator[str]:
    yield f"# article = {one_line(envelope(doc))}"
    yield f"# text = {one_line(doc.text)}"
    for number, quote in enumerate(doc.quotes, 1):
        yield f"# quote {number} = {one_line(quote.to_dict())}"
    before = 0
    for i, (start, end) in enumerate(tokens):
        if i and "\n" in doc.text[before:start]:
            yield ""
        tags = [layer.get(i, "O\t_") for layer in layers]
        yield "\t".join([doc.text[start:end], str(start), str(end), *tags])
        before = end
    yield ""


def lost(doc: AnnotatedArticle) -> list[str]:
    """What the tags do not show of an article and only its comments hold, one message each."""
    out = []
    for quote in doc.quotes:
        for role in ROLES:
            shown = visible(doc.text, quote, role)
            for span in spans_of(quote, role):
                if (span.start, span.end) not in shown:
                    what = "is empty" if not span.text.strip() else "has white space at its edges"
                    out.append(
                        f"article {doc.id!r}, quote {quote.id!r}: the {role} {list(span)} at "
                        f"offset {span.start} {what}; tags show words only"
                    )
    return out


def from_conll(lines: Iterable[str], file: str = "input") -> list[AnnotatedArticle]:
    """Records from the lines of a file in the columns that ``to_conll`` writes.

    Files without the comments are read too: the text is then rebuilt from tokens and offsets, with
    spaces between tokens and line breaks between paragraphs, and each file is one article.

    Args:
        lines: Lines, with or without their line ends.
        file: Name for the errors.

    Raises:
        InputError: A line does not fit; names file and line.
    """
    reader = _Reader(file)
    for number, line in enumerate(lines, 1):
        try:
            reader.line(line.rstrip("\r\n"), number)
        except InputError as error:
            raise error.at(file, number) from None
    return reader.finish()


class _Reader:
    """Reads line by line; an ``# article`` comment closes the article before it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.columns: list[str] = []
        self.docs: list[AnnotatedArticle] = []
        self._clear(None, 0)

    def _clear(self, article: dict[str, Any] | None, number: int) -> None:
        self.article = article
        self.first = number
        self.text: str | None = None
        self.carried: dict[int, dict[str, Any]] = {}
        self.tokens: list[tuple[str, int, int]] = []
        self.breaks: set[int] = set()
        self.pieces: list[list[Any]] = []
        self.open: dict[int, list[Any]] = {}

    def line(self, line: str, number: int) -> None:
        """Take in one line."""
        if line.startswith("# "):
            self._comment(line, number)
        elif not line.strip():
            self.breaks.add(len(self.tokens))
        else:
            self._token(line.split("\t"))

    def _comment(self, line: str, number: int) -> None:
        key, _, value = line[2:].partition(" = ")
        if key == "global.columns":
            self.columns = value.split()
            if tuple(self.columns[:3]) != _FIXED or len(self.columns) % 2 == 0:
                expected = " ".join(_FIXED) + " ROLE1 QUOTE1 ..."
                raise InputError(f"expected the columns {expected}, found {value!r}")
        elif key == "article":
            self._close()
            self._clear(fields.mapping(parse_line(value), key), number)
        elif key == "text":
            self.text = fields.required_text({key: parse_line(value)}, key, "")
        elif re.fullmatch(r"quote \d+", key):
            self.carried[int(key[6:])] = fields.mapping(parse_line(value), key)

    def _token(self, cells: list[str]) -> None:
        if not self.columns:
            hint = "the first line names them: # global.columns = FORM START END ROLE1 QUOTE1"
            raise InputError("expected the names of the columns, found a token", hint=hint)
        if len(cells) != len(self.columns) or not (cells[1].isdecimal() and cells[2].isdecimal()):
            expected = f"{len(self.columns)} cells ({' '.join(self.columns)})"
            raise InputError(f"expected {expected}, found {len(cells)}: {cells[:4]}")
        form, start, end = cells[0], int(cells[1]), int(cells[2])
        if end - start != len(form) or (self.tokens and start < self.tokens[-1][2]):
            raise InputError(
                f"expected a token of {len(form)} code points after the one before it, "
                f"found [{start}, {end}]",
                field="START",
                hint="offsets count Unicode code points, and tokens stand in text order",
            )
        if self.text is not None and self.text[start:end] != form:
            found = self.text[start:end]
            raise InputError(f"expected {form!r} at offset {start} of the text, found {found!r}")
        self.tokens.append((form, start, end))
        for layer in range((len(cells) - 3) // 2):
            self._tag(layer, cells[3 + 2 * layer], cells[4 + 2 * layer], start, end)

    def _tag(self, layer: int, tag: str, quote: str, start: int, end: int) -> None:
        if tag == "O":
            self.open.pop(layer, None)
            return
        prefix, _, name = tag.partition("-")
        if prefix not in ("B", "I") or name not in _ROLE or not quote.isdecimal():
            known = ", ".join(_ROLE)
            raise InputError(
                f"expected O, or B- or I- with one of {known} and the number of a quote, "
                f"found {tag!r} {quote!r}",
                field=f"ROLE{layer + 1}",
            )
        running = self.open.get(layer)
        if prefix == "I" and running and running[2:] == [_ROLE[name], int(quote)]:
            running[1] = end
        elif prefix == "I":
            raise InputError(
                f"expected B-{name} at the start of a span, found {tag}", field=f"ROLE{layer + 1}"
            )
        else:
            self.open[layer] = [start, end, _ROLE[name], int(quote)]
            self.pieces.append(self.open[layer])

    def finish(self) -> list[AnnotatedArticle]:
        """The articles, the last one closed."""
        self._close()
        return self.docs

    def _close(self) -> None:
        if self.article is None and not self.tokens:
            return
        text = self._text() if self.text is None else self.text
        numbers = sorted({*self.carried, *(piece[3] for piece in self.pieces)})
        quotes = [(n if n in self.carried else -1, self._quote(n, text)) for n in numbers]
        kept = [(n, q) for n, q in quotes if q.get("content") or self._never_shown(n)]
        try:
            self.docs.append(rebuild(text, self.article or {"id": self.file}, in_order(kept)))
        except InputError as error:
            raise error.at(self.file, self.first or 1) from None

    def _never_shown(self, number: int) -> bool:
        """Whether the quote had no content when it was written, so that no tag was deleted."""
        return number in self.carried and not self.carried[number].get("content")

    def _text(self) -> str:
        out, at = [], 0
        for i, (form, start, end) in enumerate(self.tokens):
            gap = "\n" if i in self.breaks and i else " "
            out += [gap * (start - at), form]
            at = end
        return "".join(out)

    def _quote(self, number: int, text: str) -> dict[str, Any]:
        carried = self.carried.get(number, {})
        before: dict[str, Any] = {}
        now: dict[str, Any] = {}
        quote = Quote.from_dict(carried, f"quote {number}") if carried else None
        for role in ROLES:
            pairs = [[p[0], p[1]] for p in self.pieces if p[2] == role and p[3] == number]
            set_spans(now, role, sorted(pairs))
            if quote:
                shown = visible(text, quote, role)
                set_spans(before, role, [list(pair) for pair in shown])
        return merge(carried, before, now)
