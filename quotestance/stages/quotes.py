"""Which words are content, cue and source: tags of the network decoded to spans."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.network.labels import LAYERS, TAGS
from quotestance.network.runtime import Network, ReadArticle
from quotestance.stages.datelines import datelines
from quotestance.stages.decode import Found, best_tags, spans_of
from quotestance.stages.inner import closed_words, split_regions, to_marks
from quotestance.stages.passages import outermost_regions
from quotestance.text import OPEN_DOUBLE, OPEN_SINGLE, quote_regions
from quotestance.windows import EncodedText

WordSpan = tuple[int, int]
_O = TAGS.index("O")
_OUTER, _INNER = LAYERS[:3], LAYERS[3:]
#: Added to the score of "outside" where nothing else can be.
_NEVER = 1e4
#: A span that misses the end of a quoted region by so many words or fewer is moved to it.
_SNAP = 2
_BETWEEN = frozenset(",;")
_RUNNING = 0.5  # probability of the words in marks that run over paragraphs, where no tag has any
_PARTICIPLE = re.compile(r"\s+(?:\w{1,20}ly\s+|there\w{1,6}\s+)?(?!including\b)[a-z]{2,20}ing\b")


@dataclass(frozen=True)
class RoleSpans:
    """Decoded spans of one article.

    Args:
        content: Pieces of content, in text order.
        source: Candidate sources.
        cue: Candidate cues.
        around: For each piece of content that stands inside another, the words of the other.
        inner_source: Candidate sources of pieces inside others.
        inner_cue: Candidate cues of pieces inside others.
        log_probabilities: ``[words, layers, tags]``.
    """

    content: tuple[Found, ...]
    source: tuple[Found, ...]
    cue: tuple[Found, ...]
    around: tuple[tuple[int, int] | None, ...]
    inner_source: tuple[Found, ...]
    inner_cue: tuple[Found, ...]
    log_probabilities: NDArray[np.float32]


class SpanStage:
    """Finds the spans of content, source and cue of an article.

    Args:
        network: The network.
        calibration: ``bias.LAYER`` is added to the score of "outside" in that layer: above zero
            fewer and shorter spans, below zero more.
    """

    def __init__(self, network: Network, calibration: Mapping[str, float]) -> None:
        self._network = network
        self._bias = np.array(
            [calibration.get(f"bias.{layer}", 0.0) for layer in LAYERS], dtype=np.float32
        )

    def __call__(self, article: ReadArticle, text: str) -> RoleSpans:
        """Decode the spans of an article that the network has read."""
        encoded = article.encoded
        scores = self._network.tags(article)
        biased = scores.copy()
        biased[:, :, _O] += self._bias
        for low, high in _in_words(datelines(text), encoded):
            biased[low : high + 1, :, _O] += _NEVER
        opening = np.flatnonzero(encoded.paragraph)
        regions = regions_in_words(encoded, text)

        def decoded(layers: tuple[str, ...]) -> dict[str, list[Found]]:
            at = [LAYERS.index(layer) for layer in layers]
            tags = best_tags(biased[:, at], opening)
            return {
                layer: spans_of(tags[:, i], scores[:, j])
                for i, (layer, j) in enumerate(zip(layers, at, strict=True))
            }

        found = decoded(_OUTER)
        outer = snap(found["content"], regions, encoded, text)
        outer = run_on(outer, *outermost_regions(encoded, text))
        own, within = split_regions(regions, [span.words for span in outer])
        shut = closed_words(own, encoded, text)
        biased[shut, len(_OUTER) :, _O] += _NEVER
        found |= decoded(_INNER)
        held = to_marks(snap(found["inner_content"], within, encoded, text), within)
        inner = [(span, _around(span, outer)) for span in held]
        content = sorted(
            [(span, None) for span in outer] + [pair for pair in inner if pair[1] is not None],
            key=lambda pair: (pair[0].low, -pair[0].high),
        )
        return RoleSpans(
            content=tuple(span for span, _ in content),
            source=tuple(found["source"]),
            cue=tuple(found["cue"]),
            around=tuple(words for _, words in content),
            inner_source=tuple(found["inner_source"]),
            inner_cue=tuple(found["inner_cue"]),
            log_probabilities=scores,
        )


def _around(span: Found, outer: Sequence[Found]) -> WordSpan | None:
    """The one of ``outer`` (in text order, none overlapping) that holds the span and more."""
    at = bisect_right(outer, span.low, key=lambda other: other.low) - 1
    if at >= 0 and span.high <= outer[at].high and span.words != outer[at].words:
        return outer[at].words
    return None


def snap(
    spans: Sequence[Found], regions: Sequence[WordSpan], encoded: EncodedText, text: str
) -> list[Found]:
    """Move ends that stop a word or two short of a quotation mark to the mark.

    The marks belong to the content, as in PolNeAR and PARC. Words outside the marks stay: a
    content may be quoted in part. A comma or semicolon at an end does not: of 22,000 contents of
    PolNeAR 100 end in one.

    Args:
        spans: Pieces of content in text order, none overlapping.
        regions: First and last word of each quoted region, marks included, in text order.
        encoded: The words.
        text: The text.
    """
    ends = sorted((end, start) for start, end in regions)
    out: list[Found] = []
    for span in spans:
        low, high = span.words
        for start, end in _near(regions, ends, low, high):
            if start < low <= start + _SNAP + 1 and low <= end:
                low = start
            if end - _SNAP - 1 <= high < end and start <= high:
                high = end
        if out and low <= out[-1].high:
            low = out[-1].high + 1
        high = _before_participle(low, high, ends, encoded, text)
        while low < high and text[encoded.words[high][0]] in _BETWEEN:
            high -= 1
        while low < high and text[encoded.words[low][0]] in _BETWEEN:
            low += 1
        if low <= high:
            out.append(Found(low, high, span.probability))
    return out


def run_on(
    spans: Sequence[Found], regions: Sequence[WordSpan], running: Sequence[int]
) -> list[Found]:
    """Add the paragraphs that were not found of a quote that runs over several.

    Args:
        spans: Pieces of content in text order, none overlapping.
        regions: Outermost quoted regions, in text order.
        running: For each the index of the first region of its quote.
    """
    runs: dict[int, list[WordSpan]] = {}
    for region, first in zip(regions, running, strict=True):
        runs.setdefault(first, []).append(region)
    out = list(spans)
    for run in runs.values():
        held = [overlapping(spans, *region) for region in run]
        likely = max((span.probability for found in held for span in found), default=_RUNNING)
        if len(run) > 1:
            out += [
                Found(*region, likely) for region, found in zip(run, held, strict=True) if not found
            ]
    return sorted(out, key=lambda span: span.low)


def overlapping(spans: Sequence[Found], low: int, high: int) -> Sequence[Found]:
    """Those of ``spans`` (in text order, none overlapping) that share a word with a span."""
    first = bisect_left(spans, low, key=lambda span: span.high)
    return spans[first : bisect_right(spans, high, key=lambda span: span.low)]


def _before_participle(
    low: int, high: int, ends: list[WordSpan], encoded: EncodedText, text: str
) -> int:
    """Last word of a span, without a participle of the narrator after its quoted words.

    In `stressed the "need to act," thereby calling for talks` the writer goes on after the marks.
    In PolNeAR five of six contents end at the mark there.
    """
    at = bisect_left(ends, (high, -1)) - 1
    if at < 0 or ends[at][0] <= low + 1:
        return high
    end = ends[at][0]
    comma, rest = encoded.words[end - 1], encoded.words[end, 1]
    if text[comma[0]] != "," or not _PARTICIPLE.match(text, rest, encoded.words[high, 1]):
        return high
    later = encoded.mark[end + 1 : high + 1]
    return high if np.isin(later, (OPEN_DOUBLE, OPEN_SINGLE)).any() else end


def _near(regions: Sequence[WordSpan], ends: list[WordSpan], low: int, high: int) -> list[WordSpan]:
    """The regions that begin near ``low`` or end near ``high``, in text order.

    Args:
        regions: First and last word of each region, in text order.
        ends: The same the other way round, sorted.
        low: First word of a span.
        high: Last word of the span.
    """
    reach = _SNAP + 3

    def window(pairs: Sequence[WordSpan], middle: int) -> Sequence[WordSpan]:
        first = bisect_left(pairs, (middle - reach, -1))
        return pairs[first : bisect_left(pairs, (middle + reach + 1, -1))]

    closing = ((start, end) for end, start in window(ends, high))
    return sorted({*window(regions, low), *closing}, key=lambda pair: (pair[0], -pair[1]))


def regions_in_words(encoded: EncodedText, text: str) -> list[WordSpan]:
    """First and last word of each quoted region of two words or more, marks included."""
    regions = ((start, end) for start, end, _ in quote_regions(text, list(encoded.marks)))
    return [span for span in _in_words(regions, encoded) if span[1] - span[0] > 1]


def _in_words(spans: Iterable[tuple[int, int]], encoded: EncodedText) -> list[WordSpan]:
    words = (encoded.covering(start, end) for start, end in spans)
    return [span for span in words if span is not None]
