"""PARC 3: attributions of the Wall Street Journal, as XML or as tab-separated CoNLL columns.

Nobody at hand has the corpus (it needs a licence of the Penn Treebank): both readers follow its
published description and are tested on a small file of our own in that format.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from quotestance import fields
from quotestance.errors import InputError
from quotestance.evaluation.corpora.polnear import ROLES, attribution
from quotestance.jsonl import decode, read_lines
from quotestance.quotes import Span
from quotestance.records import AnnotatedArticle

COLUMNS = ("DOC", "SENTENCE", "ID", "FORM", "POS", "LEMMA")
_CELL = re.compile(r"[BI]-(source|cue|content)-(\S+)")
_NO_SPACE_BEFORE = frozenset((*".,;:?!%)]}'’”", "''", "n't"))
_NO_SPACE_AFTER = frozenset((*"([{$“`", "``"))


@dataclass
class _Document:
    """Words of one article with the attributions that each belongs to."""

    words: list[tuple[str, Span | None, int]] = field(default_factory=list)
    roles: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def add(self, word: str, place: Span | None, sentence: int) -> int:
        self.words.append((word, place, sentence))
        return len(self.words) - 1

    def label(self, index: int, name: str, role: str) -> None:
        self.roles.setdefault(name, {key: [] for key in ROLES})[role].append(index)

    def article(self, name: str) -> AnnotatedArticle:
        """The article with words laid out at their byte counts, or joined by spaces."""
        text, spans = _lay_out(self.words)
        quotes = tuple(
            attribution(key, **{role: _pieces(found, spans) for role, found in roles.items()})
            for key, roles in self.roles.items()
        )
        return AnnotatedArticle(text=text, id=name, quotes=quotes)


def read_parc(path: str | Path) -> list[AnnotatedArticle]:
    """Articles of PARC 3 with every attribution as a quote of which only spans are labelled.

    XML: ``WORD`` elements with ``text`` and ``ByteCount="START,END"`` (or ``sentenceWord``
    order where it is missing), each with ``<attribution id="..."><attributionRole
    roleValue="source|cue|content"/></attribution>`` children; one article a file. CoNLL: one
    word a line, columns divided by tabs, a blank line between sentences, attribution cells
    ``B-content-7`` or ``I-source-7`` (several divided by spaces) after the fixed columns.

    The text of the corpus is not part of it: words are laid out at their byte counts, with
    spaces between, or joined by single spaces where there are none.

    Args:
        path: One ``.xml`` or ``.conll``/``.tsv`` file, or a folder of them (searched in depth).

    Raises:
        InputError: A file breaks the format; names file, line and field.

    Source:
        Pareti, LREC 2016.
    """
    path = Path(path)
    if not path.is_dir():
        return list(_read_file(path))
    files = sorted(p for p in path.rglob("*") if p.suffix in (".xml", ".conll", ".tsv"))
    if not files:
        raise InputError("expected .xml, .conll or .tsv files, found none", file=path)
    return [article for file in files for article in _read_file(file)]


def _read_file(file: Path) -> Iterator[AnnotatedArticle]:
    if file.suffix == ".xml":
        yield _read_xml(file)
    else:
        yield from _read_conll(file)


def _read_xml(file: Path) -> AnnotatedArticle:
    try:
        source = decode(file.read_bytes(), file)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=file) from None
    if "<!DOCTYPE" in source or "<!ENTITY" in source:
        raise InputError(
            "expected XML without a document type, found one",
            file=file,
            hint="entities can be made to fill the memory, so they are not read",
        )
    root, lines = _parse_xml(source, file)
    document = _Document()
    sentences = list(root.iter("SENTENCE")) or [root]
    for number, sentence in enumerate(sentences):
        for word in sentence.iter("WORD"):
            try:
                _add_word(document, word, number)
            except InputError as error:
                raise error.at(file, lines[word]) from None
    if not document.words:
        raise InputError("expected WORD elements, found none", file=file, field="WORD")
    return document.article(file.stem)


def _parse_xml(source: str, file: Path) -> tuple[ET.Element, dict[ET.Element, int]]:
    """The root element, and the line on which each element starts."""
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(["start"])
    lines: dict[ET.Element, int] = {}
    try:
        for number, line in enumerate(source.split("\n"), 1):
            parser.feed(line + "\n")
            for *_, element in parser.read_events():
                if isinstance(element, ET.Element):
                    lines[element] = number
        parser.close()
    except ET.ParseError as error:
        raise InputError(
            f"expected XML: {error}", file=file, line=error.position[0], field="XML"
        ) from None
    return next(iter(lines)), lines


def _add_word(document: _Document, word: ET.Element, sentence: int) -> None:
    where = f"SENTENCE[{sentence}].WORD[{word.get('word', len(document.words))}]"
    text = word.get("text")
    if not text:
        raise fields.fault("the word", text, f"{where}.text")
    index = document.add(text, _byte_count(word.get("ByteCount"), where), sentence)
    for given in word.iter("attribution"):
        name = given.get("id")
        if not name:
            raise fields.fault("an id", name, f"{where}.attribution.id")
        for role in given.iter("attributionRole"):
            value = role.get("roleValue")
            if value not in ROLES:
                raise fields.fault("source, cue or content", value, f"{where}.roleValue")
            document.label(index, name, value)


def _byte_count(value: str | None, where: str) -> Span | None:
    if value is None:
        return None
    match = re.fullmatch(r"(\d+),(\d+)", value)
    if match is None or int(match[1]) >= int(match[2]):
        raise fields.fault("START,END with START < END", value, f"{where}.ByteCount")
    return Span(int(match[1]), int(match[2]))


def _read_conll(file: Path) -> Iterator[AnnotatedArticle]:
    documents: dict[str, _Document] = {}
    columns: tuple[str, ...] = COLUMNS
    sentence, last = 0, 0
    for number, line in read_lines(file):
        sentence += number > last + 1  # a blank line was skipped
        last = number
        line = line.rstrip("\r\n")
        if line.startswith("# global.columns ="):
            columns = tuple(line.partition("=")[2].split())
        elif not line.startswith("# "):
            try:
                _add_row(documents, columns, line.split("\t"), sentence, file.stem)
            except InputError as error:
                raise error.at(file, number) from None
    if not documents:
        raise InputError("expected one word a line, found none", file=file)
    for name, document in documents.items():
        yield document.article(name)


def _add_row(
    documents: dict[str, _Document],
    columns: tuple[str, ...],
    cells: list[str],
    sentence: int,
    default: str,
) -> None:
    if "FORM" not in columns:
        raise fields.fault("a column FORM", " ".join(columns), "global.columns")
    fixed = tuple(name for name in columns if not name.startswith("ATTRIBUTION"))
    if len(cells) <= len(fixed):
        expected = f"{len(fixed)} columns ({' '.join(fixed)}) and attribution cells, by tabs"
        raise fields.fault(expected, f"{len(cells)} columns", "columns")
    row: Mapping[str, str] = dict(zip(fixed, cells, strict=False))
    if not row["FORM"]:
        raise fields.fault("a word", row["FORM"], "FORM")
    document = documents.setdefault(row.get("DOC") or default, _Document())
    index = document.add(row["FORM"], None, sentence)
    for cell in " ".join(cells[len(fixed) :]).split():
        if cell in ("_", "O", "0", "-"):
            continue
        match = _CELL.fullmatch(cell)
        if match is None:
            raise fields.fault("B-ROLE-ID, I-ROLE-ID or _", cell, "ATTRIBUTION")
        document.label(index, match[2], match[1])


def _lay_out(words: list[tuple[str, Span | None, int]]) -> tuple[str, list[Span]]:
    """The text and the span of each word in it.

    Byte counts are kept where every word has one that fits it and comes after the last; a
    gap becomes spaces, a new sentence a line break.
    """
    if _places_fit(words):
        return _by_byte_count(words)
    parts: list[str] = []
    spans = []
    size = 0
    for i, (word, _, sentence) in enumerate(words):
        if i:
            before, _, last = words[i - 1]
            tight = word in _NO_SPACE_BEFORE or word.startswith("'") or before in _NO_SPACE_AFTER
            gap = "\n" if sentence != last else "" if tight else " "
            parts.append(gap)
            size += len(gap)
        parts.append(word)
        spans.append(Span(size, size + len(word)))
        size += len(word)
    return "".join(parts), spans


def _places_fit(words: list[tuple[str, Span | None, int]]) -> bool:
    end = 0
    for word, place, _ in words:
        if place is None or place.start < end or len(place) != len(word):
            return False
        end = place.end
    return True


def _by_byte_count(words: list[tuple[str, Span | None, int]]) -> tuple[str, list[Span]]:
    parts: list[str] = []
    spans = []
    size = 0
    offset = words[0][1].start if words[0][1] else 0
    last = words[0][2]
    for word, place, sentence in words:
        assert place is not None  # _places_fit has looked
        start = place.start - offset
        gap = " " * (start - size)
        if sentence != last and gap:
            gap = "\n" + gap[1:]
        parts += [gap, word]
        spans.append(Span(start, start + len(word)))
        size, last = start + len(word), sentence
    return "".join(parts), spans


def _pieces(indices: list[int], spans: list[Span]) -> tuple[Span, ...]:
    """Runs of words that follow each other, each as one span."""
    pieces: list[tuple[int, int]] = []
    last = -2
    for index in sorted(set(indices)):
        if index == last + 1:
            pieces[-1] = (pieces[-1][0], spans[index].end)
        else:
            pieces.append((spans[index].start, spans[index].end))
        last = index
    return tuple(Span(*piece) for piece in pieces)
