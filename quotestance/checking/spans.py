"""Where the spans of a record lie: in range, at words, not crossing, near their source."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from quotestance.checking.faults import Fault, shown
from quotestance.checking.units import cuts
from quotestance.quotes import Quote, Span

# The farthest of the 20,851 sources in the train articles of PolNeAR (Newell et al., LREC 2018)
# stands 389 code points from its content and cue; 999 in 1,000 stand within 191.
FAR = 500
_ROLES = ("content", "cue", "source")


class SpanCheck:
    """The faults of the spans of one record.

    Args:
        file: The file.
        line: The line of the record.
        text: Its text.
        quotes: Quotes by their index in the record.
        spans: Every span of the record with its field.
    """

    def __init__(
        self,
        file: str,
        line: int,
        text: str,
        quotes: Mapping[int, Quote],
        spans: Sequence[tuple[str, Sequence[int]]],
    ) -> None:
        self.file, self.line, self.text = file, line, text
        self.quotes, self.spans = quotes, spans

    def faults(self) -> Iterator[Fault]:
        """Every fault, span by span, then quote by quote."""
        for field, (start, end) in self.spans:
            yield from self._span(field, start, end)
        for i, quote in self.quotes.items():
            for role in _ROLES:
                yield from self._order(f"quotes[{i}].{role}", getattr(quote, role))
            yield from self._far(i, quote)
        yield from self._crossing()
        yield from self._repeated()

    def _fault(self, kind: str, field: str, expected: str, found: str, hint: str) -> Fault:
        return Fault(self.file, self.line, kind, field, expected, found, hint)

    def _span(self, field: str, start: int, end: int) -> Iterator[Fault]:
        size = len(self.text)
        if not 0 <= start <= end <= size:
            expected = f"a span within the {size} code points of the text"
            hint = "offsets count Unicode code points from 0; mark the words anew"
            yield self._fault("range", field, expected, f"[{start}, {end}]", hint)
            return
        if start == end:
            hint = "mark the words, or drop the span"
            yield self._fault("empty", field, "a span of words", f"[{start}, {end}]", hint)
            return
        for position, side in ((start, "start"), (end, "end")):
            if cuts(self.text, position):
                around = self.text[max(0, position - 12) : position]
                found = f"{side} {position} in {shown(around + '|' + self.text[position:][:12])}"
                hint = f"move it to the edge of the word: {self._edges(position)}"
                yield self._fault("cut-word", field, "a span of whole words", found, hint)

    def _edges(self, position: int) -> str:
        before = after = position
        while before > 0 and cuts(self.text, before):
            before -= 1
        while after < len(self.text) and cuts(self.text, after):
            after += 1
        return f"{before} or {after}"

    def _order(self, field: str, spans: Sequence[Span]) -> Iterator[Fault]:
        for first, second in itertools.pairwise(spans):
            if second.start < first.end:
                found = f"{list(first)} before {list(second)}"
                hint = "sort the pieces and join those that overlap"
                yield self._fault("order", field, "pieces one after the other", found, hint)

    def _far(self, index: int, quote: Quote) -> Iterator[Fault]:
        anchors = (*quote.content, *quote.cue)
        if not anchors:
            return
        for j, span in enumerate(quote.source):
            gap = min(max(0, span.start - a.end, a.start - span.end) for a in anchors)
            if gap > FAR:
                expected = f"a source within {FAR} code points of its content or cue"
                words = shown(self.text[span.start : span.end], 40)
                hint = "mark the mention nearest to the quote; the name goes under speakers"
                field = f"quotes[{index}].source[{j}]"
                yield self._fault("far-source", field, expected, f"{words} {gap} away", hint)

    def _crossing(self) -> Iterator[Fault]:
        pieces = sorted(
            (span.start, -span.end, i)
            for i, quote in self.quotes.items()
            for span in quote.content
            if span.start < span.end
        )
        open_: list[tuple[int, int, int]] = []
        for start, minus_end, i in pieces:
            end = -minus_end
            open_ = [piece for piece in open_ if piece[1] > start]
            for other_start, other_end, j in open_:
                if i != j and other_start < start and other_end < end:
                    found = f"[{start}, {end}] across [{other_start}, {other_end}] of quotes[{j}]"
                    hint = "let one content enclose the other, or keep them apart"
                    expected = "contents that nest or stand apart"
                    yield self._fault("crossing", f"quotes[{i}].content", expected, found, hint)
            open_.append((start, end, i))

    def _repeated(self) -> Iterator[Fault]:
        seen: dict[tuple[tuple[Span, ...], ...], int] = {}
        for i, quote in self.quotes.items():
            if not quote.content:
                continue
            key = (quote.content, quote.cue, quote.source)
            if key in seen:
                found = f"the spans of quotes[{seen[key]}] again"
                hint = "drop one of the two; two speakers of one quote go under its speakers"
                yield self._fault("duplicate", f"quotes[{i}]", "each quote once", found, hint)
            seen.setdefault(key, i)
