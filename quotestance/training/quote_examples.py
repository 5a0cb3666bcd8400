"""Labelled articles as training windows for tagger, linker, quote labels and targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quotestance.network.labels import IGNORE, LAYERS, MODES, POLARITIES, TAGS, TARGET_TYPES
from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle
from quotestance.windows import EncodedText, Window, WordPieces, cut, word_features

WordSpan = tuple[int, int]
_TAG = {name: index for index, name in enumerate(TAGS)}
_OUTER = {"content": 0, "source": 1, "cue": 2}


@dataclass(frozen=True)
class QuoteInWords:
    """A labelled quote in word indices; spans are first and last word, inclusive."""

    content: tuple[WordSpan, ...]
    source: tuple[WordSpan, ...]
    cue: tuple[WordSpan, ...]
    inner: bool
    labels: dict[str, int]
    target: WordSpan | None
    has_target: bool


@dataclass(frozen=True)
class LabelledText:
    """An encoded article with its quotes in words.

    Args:
        encoded: The article.
        quotes: Its quotes.
        nested_known: Whether quotes inside quotes are labelled throughout.
        unsure: ``[words]`` true where an unlabelled inner quote may hide.
        unlabelled: Roles (``source``, ``cue``) that at least one quote lacks; what is not
            labelled in them says nothing.
    """

    encoded: EncodedText
    quotes: tuple[QuoteInWords, ...]
    nested_known: bool
    unsure: NDArray[np.bool_]
    unlabelled: frozenset[str] = frozenset()


@dataclass
class Piece:
    """One piece of content in a window, with what it should point to."""

    span: WordSpan
    source: tuple[WordSpan, ...] | None
    cue: tuple[WordSpan, ...] | None


@dataclass
class LabelledQuote:
    """One quote in a window, with the labels it has; ``target`` is None for "no target"."""

    content: tuple[WordSpan, ...]
    source: tuple[WordSpan, ...]
    cue: tuple[WordSpan, ...]
    labels: dict[str, int]
    target: WordSpan | None
    has_target: bool


@dataclass
class QuoteWindow:
    """One training window; word indices count from the first word of the window.

    ``made`` tells whether it is of a made article.
    """

    pieces: NDArray[np.int64]
    features: NDArray[np.int64]
    first: NDArray[np.int64]
    tags: NDArray[np.int64]
    content: list[Piece] = field(default_factory=list)
    quotes: list[LabelledQuote] = field(default_factory=list)
    made: bool = False


def reporting_words(docs: Iterable[AnnotatedArticle], least: int = 3) -> frozenset[str]:
    """Lower-cased words that end a cue at least ``least`` times: signs of a quote."""
    counts: dict[str, int] = {}
    for doc in docs:
        for quote in doc.quotes:
            for span in quote.cue:
                words = span.text.lower().split()
                if words:
                    counts[words[-1]] = counts.get(words[-1], 0) + 1
    return frozenset(word for word, n in counts.items() if n >= least)


def label_text(
    doc: AnnotatedArticle,
    encoder: WordPieces,
    reporting: frozenset[str] = frozenset(),
    nested_known: bool = False,
) -> LabelledText:
    """Align the quotes of an article with its words.

    Args:
        doc: The labelled article.
        encoder: Tokenizer of the network.
        reporting: Words that make an unlabelled stretch of content unsure.
        nested_known: Whether quotes inside quotes are labelled throughout.
    """
    encoded = encoder.encode(doc.text)
    contents = [(span.start, span.end, q.id) for q in doc.quotes for span in q.content]
    quotes = tuple(_in_words(quote, encoded, _is_inner(quote, contents)) for quote in doc.quotes)
    unsure = np.zeros(len(encoded), dtype=bool)
    if not nested_known:
        for quote in quotes:
            for low, high in quote.content:
                words = (doc.text[s:e].lower() for s, e in encoded.words[low : high + 1])
                if any(word in reporting for word in words):
                    unsure[low : high + 1] = True
    unlabelled = frozenset(
        role for role in ("source", "cue") if not all(quote.has(role) for quote in doc.quotes)
    )
    return LabelledText(encoded, quotes, nested_known, unsure, unlabelled)


def _is_inner(quote: Quote, contents: Sequence[tuple[int, int, str]]) -> bool:
    if quote.inside is not None:
        return True
    if not quote.content:
        return False
    start, end = quote.content[0].start, quote.content[-1].end
    return any(
        s <= start and end <= e and (e - s) > (end - start) and other != quote.id
        for s, e, other in contents
    )


def _in_words(quote: Quote, encoded: EncodedText, inner: bool) -> QuoteInWords:
    def words(spans: Sequence[Span]) -> tuple[WordSpan, ...]:
        found = (encoded.covering(span.start, span.end) for span in spans)
        return tuple(span for span in found if span is not None)

    labels: dict[str, int] = {}
    if quote.has("speakers"):
        labels["is_quote"] = int(quote.is_quote)
    if quote.is_quote:
        if quote.mode is not None and quote.has("mode"):
            labels["mode"] = MODES.index(quote.mode)
        if quote.polarity is not None and quote.has("polarity"):
            labels["polarity"] = POLARITIES.index(quote.polarity)
        if quote.target_type is not None:
            labels["target_type"] = TARGET_TYPES.index(quote.target_type)
    target = words([quote.target_span]) if quote.target_span else ()
    no_target = quote.has("target") and quote.target is None
    return QuoteInWords(
        content=words(quote.content),
        source=words(quote.source) if quote.has("source") else (),
        cue=words(quote.cue) if quote.has("cue") else (),
        inner=inner,
        labels=labels,
        target=target[0] if target else None,
        has_target=quote.is_quote and bool(target or no_target),
    )


def make_windows(
    item: LabelledText, size: int, drop_shape: bool = False, drop_marks: bool = False
) -> list[QuoteWindow]:
    """Cut a labelled article into training windows of at most ``size`` word pieces."""
    return [_window(item, window, drop_shape, drop_marks) for window in cut(item.encoded, size, 0)]


def _window(item: LabelledText, window: Window, drop_shape: bool, drop_marks: bool) -> QuoteWindow:
    encoded = item.encoded
    low, high = window.start, window.end
    tags = np.zeros((len(LAYERS), high - low), dtype=np.int64)
    if not item.nested_known:
        tags[3:, item.unsure[low:high]] = IGNORE
    for role in item.unlabelled:
        tags[[_OUTER[role], _OUTER[role] + 3]] = IGNORE
    first = encoded.first[low : high + 1]
    out = QuoteWindow(
        pieces=encoded.pieces[first[0] : first[-1]],
        features=word_features(encoded, low, high, drop_shape, drop_marks),
        first=first[:-1] - first[0],
        tags=tags,
    )
    for quote in item.quotes:
        _add_quote(out, quote, low, high, item.unlabelled)
    return out


def _clip(spans: Sequence[WordSpan], low: int, high: int) -> tuple[WordSpan, ...]:
    return tuple(
        (max(s, low) - low, min(e, high - 1) - low) for s, e in spans if s < high and e >= low
    )


def _add_quote(
    out: QuoteWindow, quote: QuoteInWords, low: int, high: int, unlabelled: frozenset[str]
) -> None:
    content = _clip(quote.content, low, high)
    source, cue = _clip(quote.source, low, high), _clip(quote.cue, low, high)
    offset = 3 if quote.inner else 0
    for role, spans in (("content", content), ("source", source), ("cue", cue)):
        for span in spans:
            _paint(out.tags[_OUTER[role] + offset], span)
    for span in content:
        out.content.append(
            Piece(
                span,
                source=source if source or _none(quote.source, "source", unlabelled) else None,
                cue=cue if cue or _none(quote.cue, "cue", unlabelled) else None,
            )
        )
    if content and (quote.labels or quote.has_target):
        target = _clip([quote.target], low, high) if quote.target else ()
        out.quotes.append(
            LabelledQuote(
                content, source, cue, quote.labels,
                target[0] if target else None,
                quote.has_target and bool(target or quote.target is None),
            )
        )  # fmt: skip


def _none(spans: Sequence[WordSpan], role: str, unlabelled: frozenset[str]) -> bool:
    """Whether a quote is labelled as having no span of a role."""
    return not spans and role not in unlabelled


def _paint(row: NDArray[np.int64], span: WordSpan) -> None:
    low, high = span
    if low == high:
        row[low] = _TAG["S"]
        return
    row[low], row[high] = _TAG["B"], _TAG["E"]
    row[low + 1 : high] = _TAG["I"]
