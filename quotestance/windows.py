"""Articles as the encoder reads them: word pieces with features, cut into windows.

The encoder sees a copy of the text: lone surrogates replaced one for one, every quotation mark
written in one style (what kind it is, and whether it opens or closes, travels as a feature).
Offsets always refer to the user's own string.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from quotestance import text as texts

Ints = NDArray[np.int64]

_PLAIN_MARK = {"double": '"', "angle": '"', "single": "'"}


@dataclass(frozen=True)
class EncodedText:
    """A text as words and word pieces.

    Args:
        words: ``[words, 2]`` code point offsets.
        pieces: ``[pieces]`` vocabulary ids, words in order.
        first: ``[words + 1]`` index of the first piece of each word; the last entry is the end.
        shape: ``[words]`` word shape, see ``text.shapes``.
        mark: ``[words]`` state at or within quotation marks, see ``text.mark_states``.
        paragraph: ``[words]`` 1 for the first word of a paragraph.
        marks: The quotation marks.
    """

    words: Ints
    pieces: Ints
    first: Ints
    shape: Ints
    mark: Ints
    paragraph: Ints
    marks: tuple[texts.Mark, ...]

    def __len__(self) -> int:
        return len(self.words)

    def covering(self, start: int, end: int) -> tuple[int, int] | None:
        """First and last word (inclusive) that overlap ``[start, end)``; None where none does."""
        low = int(np.searchsorted(self.words[:, 1], start, side="right"))
        high = int(np.searchsorted(self.words[:, 0], end, side="left")) - 1
        return (low, high) if low <= high else None


class WordPieces:
    """A fast tokenizer applied word by word, so that pieces never straddle two words.

    Args:
        tokenizer: A ``tokenizers.Tokenizer`` with the usual BERT special tokens.
    """

    CACHE = 200_000

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._known: dict[str, tuple[int, ...]] = {}
        self.cls = self._special("[CLS]", "<s>")
        self.sep = self._special("[SEP]", "</s>")
        self.pad = self._special("[PAD]", "<pad>")
        self.unknown = self._special("[UNK]", "<unk>")

    @classmethod
    def read(cls, path: str | Path) -> WordPieces:
        """Load ``tokenizer.json``."""
        return cls(Tokenizer.from_file(str(path)))

    def save(self, path: str | Path) -> None:
        """Write ``tokenizer.json``."""
        self._tokenizer.save(str(path))

    def vocabulary(self) -> dict[str, int]:
        """Every piece and its number."""
        return dict(self._tokenizer.get_vocab())

    def _special(self, *names: str) -> int:
        for name in names:
            index = self._tokenizer.token_to_id(name)
            if index is not None:
                return int(index)
        raise ValueError(f"the tokenizer has none of the special tokens {names}")

    def _pieces(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        known = self._known
        new = sorted({word for word in words if word not in known})
        if len(known) + len(new) > self.CACHE:
            known = self._known = {}
            new = sorted(set(words))
        for word, encoding in zip(
            new, self._tokenizer.encode_batch(new, add_special_tokens=False), strict=True
        ):
            known[word] = tuple(encoding.ids) or (self.unknown,)
        return [known[word] for word in words]

    def encode(self, text: str) -> EncodedText:
        """Words, pieces and features of a text of any length."""
        spans = texts.words(text)
        marks = tuple(texts.find_marks(text))
        surface = [_safe(text[start:end]) for start, end in spans]
        plain = {
            offset: _PLAIN_MARK[mark.kind]
            for mark in marks
            for offset in range(mark.start, mark.end)
        }
        if plain:
            for i, (start, _) in enumerate(spans):
                if start in plain:
                    surface[i] = plain[start]
        pieces = self._pieces(surface)
        words = np.array(spans, dtype=np.int64).reshape(-1, 2)
        lengths = np.fromiter((len(p) for p in pieces), dtype=np.int64, count=len(pieces))
        opening = {start for start, _ in texts.paragraphs(text)}
        return EncodedText(
            words=words,
            pieces=np.array([i for p in pieces for i in p], dtype=np.int64),
            first=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            shape=np.asarray(texts.shapes(text, spans), dtype=np.int64),
            mark=np.asarray(texts.mark_states(text, spans, list(marks)), dtype=np.int64),
            paragraph=np.array([start in opening for start, _ in spans], dtype=np.int64),
            marks=marks,
        )


def _safe(word: str) -> str:
    return word.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if any(
        "\ud800" <= c <= "\udfff" for c in word
    ) else word  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """A run of words for one encoder pass.

    Args:
        start: First word read.
        end: One past the last word read.
        core_start: First word that this window answers for.
        core_end: One past the last word that it answers for.
    """

    start: int
    end: int
    core_start: int
    core_end: int


def cut(encoded: EncodedText, size: int, context: int) -> list[Window]:
    """Windows whose cores tile the text, cut at paragraphs where one ends in the second half.

    Args:
        encoded: The text.
        size: Most word pieces of a window, the two special tokens not counted.
        context: Word pieces of context on either side of the core.

    Returns:
        Windows in order; every word is in the core of exactly one.
    """
    first, words = encoded.first, len(encoded)
    starts = np.flatnonzero(encoded.paragraph)
    room = max(1, size - 2 * context)
    windows = []
    low = 0
    while low < words:
        high = max(low + 1, int(np.searchsorted(first, first[low] + room, side="right")) - 1)
        if high < words:
            half = int(np.searchsorted(first, first[low] + room // 2))
            ends = starts[(starts > max(low, half)) & (starts <= high)]
            high = int(ends[-1]) if len(ends) else high
        high = min(high, words)
        left = min(low, int(np.searchsorted(first, first[low] - context)))
        right = max(high, int(np.searchsorted(first, first[high] + context, side="right")) - 1)
        windows.append(Window(left, min(right, words), low, high))
        low = high
    return windows


def word_features(
    encoded: EncodedText, low: int, high: int, drop_shape: bool = False, drop_marks: bool = False
) -> Ints:
    """Shape, mark and paragraph of each word piece of the words ``[low, high)``: ``[pieces, 3]``.

    Pieces after the first of a word are no start of a paragraph.
    """
    lengths = np.diff(encoded.first[low : high + 1])
    columns = [encoded.shape[low:high], encoded.mark[low:high], encoded.paragraph[low:high]]
    rows = np.repeat(np.stack(columns, -1), lengths, axis=0)
    is_first = np.zeros(len(rows), dtype=bool)
    is_first[encoded.first[low:high] - encoded.first[low]] = True
    rows[~is_first, 2] = 0
    if drop_shape:
        rows[:, 0] = 0
    if drop_marks:
        rows[:, 1] = 0
    return rows
