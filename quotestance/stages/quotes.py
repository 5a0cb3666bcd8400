"""Which words are content, cue and source: tags of the network decoded to spans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.network.labels import LAYERS, TAGS
from quotestance.network.runtime import Network, ReadArticle
from quotestance.stages.decode import Found, best_tags, spans_of
from quotestance.text import Mark, quote_regions
from quotestance.windows import EncodedText

_O = TAGS.index("O")
#: A span that misses the end of a quoted region by so many words or fewer is moved to it.
_SNAP = 2


@dataclass(frozen=True)
class RoleSpans:
    """Decoded spans of one article.

    Args:
        content: Pieces of content, in text order.
        source: Candidate sources.
        cue: Candidate cues.
        inside: For each piece of content, whether it stands inside another quote.
        log_probabilities: ``[words, layers, tags]``.
    """

    content: tuple[Found, ...]
    source: tuple[Found, ...]
    cue: tuple[Found, ...]
    inside: tuple[bool, ...]
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
        scores = self._network.tags(article)
        biased = scores.copy()
        biased[:, :, _O] += self._bias
        tags = best_tags(biased)
        found = {
            layer: spans_of(tags[:, i], scores[:, i]) for i, layer in enumerate(LAYERS)
        }
        outer = snap(found["content"], article.encoded, text)
        inner = [
            span
            for span in found["inner_content"]
            if any(o.low <= span.low and span.high <= o.high and o.words != span.words for o in outer)
        ]
        content = sorted(
            [(span, False) for span in outer] + [(span, True) for span in inner],
            key=lambda pair: (pair[0].low, -pair[0].high),
        )
        return RoleSpans(
            content=tuple(span for span, _ in content),
            source=_merge(found["source"], found["inner_source"]),
            cue=_merge(found["cue"], found["inner_cue"]),
            inside=tuple(inside for _, inside in content),
            log_probabilities=scores,
        )


def _merge(first: list[Found], second: list[Found]) -> tuple[Found, ...]:
    kept = list(first)
    kept += [s for s in second if not any(s.low <= f.high and f.low <= s.high for f in first)]
    return tuple(sorted(kept, key=lambda span: span.words))


def snap(spans: list[Found], encoded: EncodedText, text: str) -> list[Found]:
    """Move ends that miss a mark by a word or two to the mark, and take the marks in.

    A piece that begins and ends near the two ends of one quoted region becomes that region; the
    marks belong to the content, as in PolNeAR and PARC.
    """
    regions = _regions_in_words(encoded, encoded.marks, text)
    out: list[Found] = []
    for span in spans:
        low, high = span.words
        for start, end in regions:
            if abs(low - start) <= _SNAP + 1 and abs(high - end) <= _SNAP + 1:
                low, high = start, end
                break
            if low == start + 1 and high > end:
                low = start
            if high == end - 1 and low < start:
                high = end
        if out and low <= out[-1].high:
            low = out[-1].high + 1
        if low <= high:
            out.append(Found(low, high, span.probability))
    return out


def _regions_in_words(
    encoded: EncodedText, marks: tuple[Mark, ...], text: str
) -> list[tuple[int, int]]:
    words = (encoded.covering(start, end) for start, end, _ in quote_regions(text, list(marks)))
    return [span for span in words if span is not None and span[1] - span[0] > 1]
