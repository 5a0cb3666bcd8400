"""Each piece of content linked to its source and cue, and pieces joined to quotes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quotestance.network.runtime import Links, Network, ReadArticle
from quotestance.stages.decode import Found
from quotestance.stages.evidence import evidence, score, score_weights
from quotestance.stages.joining import Attribution, join
from quotestance.stages.linking import (
    Candidate,
    candidates,
    features,
    gap,
    in_reach,
    log_probabilities,
    weights_of,
)
from quotestance.stages.passages import Places
from quotestance.stages.quotes import RoleSpans

WordSpan = tuple[int, int]
_NONE = Candidate(None, 1e-6, 1.0)


class AttributionStage:
    """Links pieces of content to sources and cues.

    Source and cue of a piece are chosen together, by a log-linear model over what the network
    says of each candidate and where it stands (``linking``). The paragraphs of a quote that runs
    on have one source and one cue.

    Args:
        network: The network.
        calibration: ``link.NAME``, for each name in ``linking.FEATURES``: weights of the choice.
            ``score.NAME``, for each name in ``evidence.EVIDENCE``: weights of the score of a
            quote. ``threshold.quote`` and ``threshold.inner``: least score of a quote, and of one
            inside another; below it the quote is dropped.
    """

    def __init__(self, network: Network, calibration: Mapping[str, float]) -> None:
        self._network = network
        self._weights = weights_of(calibration)
        self._score = score_weights(calibration)
        self._least = calibration.get("threshold.quote", 0.0)
        self._least_inner = calibration.get("threshold.inner", 0.4)

    def __call__(self, article: ReadArticle, spans: RoleSpans, places: Places) -> list[Attribution]:
        """Quotes of an article, in text order.

        Args:
            article: The article as the network read it.
            spans: Its decoded spans.
            places: Where its words stand.
        """
        pieces = [span.words for span in spans.content]
        links = self._network.links(article, pieces)
        rows = list(zip(spans.content, links, spans.around, strict=True))
        outer = [(piece, link) for piece, link, around in rows if around is None]
        chosen = iter(self._choose(outer, spans, places))
        found = []
        for piece, link, around in rows:
            if around is None:
                (source, cue), sure = next(chosen)
                known = evidence(piece, (source, cue), sure, places, spans)
                probability = 0.0
            else:
                (source, cue), known = _inner_pair(link, spans, around, piece), None
                probability = piece.probability * float(np.sqrt(max(source.mass, cue.mass, 0.05)))
            inner = around is not None
            found.append(
                Attribution([piece], source.words, cue.words, inner, probability, link, known)
            )
        words = [span.words if around is None else None for span, _, around in rows]
        joined = join(found, article.encoded, places.runs(words))
        for quote in joined:
            if quote.evidence is not None:
                quote.probability = score(self._score, quote.evidence)
                if places.running_together([piece.words for piece in quote.content]):
                    # Marks that open paragraph after paragraph are no title and no scare quotes.
                    quote.probability = max(quote.probability, self._least)
        return [quote for quote in joined if self._stands(quote)]

    def _stands(self, quote: Attribution) -> bool:
        """Words of a third party inside a quote need a cue and a source of their own."""
        if quote.inner:
            whole = quote.cue is not None and quote.source is not None
            return whole and quote.probability >= self._least_inner
        return quote.probability >= self._least

    def _choose(
        self, outer: Sequence[tuple[Found, Links]], spans: RoleSpans, places: Places
    ) -> list[tuple[tuple[Candidate, Candidate], float]]:
        """The likeliest source and cue of each outer piece, and how likely (log-probability)."""
        words = [piece.words for piece, _ in outer]
        chosen: list[tuple[tuple[Candidate, Candidate], float]] = []
        for span, link in outer:
            piece = span.words
            sources = candidates("source", link, spans, piece)
            cues = candidates("cue", link, spans, piece)
            scores = features(piece, sources, cues, places, words) @ self._weights
            row, column = divmod(int(scores.argmax()), len(cues))
            sure = float(log_probabilities(scores).max())
            chosen.append(((sources[row], cues[column]), sure))
        for group in places.running_together(words):
            best = max(group, key=lambda i: (chosen[i][0][1].words is not None, chosen[i][1]))
            for i in group:
                chosen[i] = (chosen[best][0], chosen[i][1])
        return chosen


def _inner_pair(
    links: Links, spans: RoleSpans, around: WordSpan, piece: Found
) -> tuple[Candidate, Candidate]:
    """Source and cue within the enclosing content; the pointer, taught by flat labels, only ranks.

    A source stands by its cue, and both by the piece: distance in words divides.
    """
    sources = _within(spans.inner_source, links.source, links, around)
    cues = _within(spans.inner_cue, links.cue, links, around)

    def likely(pair: tuple[Candidate, Candidate]) -> float:
        words = [one.words for one in pair if one.words]
        apart = gap(*words) if len(words) == 2 else 0
        away = min((gap(span, piece.words) for span in words), default=0)
        return float(pair[0].mass * pair[1].mass / math.sqrt((1 + apart) * (1 + away)))

    return max(((s, c) for s in sources for c in cues), key=likely)


def _within(
    found: Sequence[Found], weights: NDArray[np.float32], links: Links, around: WordSpan
) -> list[Candidate]:
    out = [_NONE]
    words = weights[:-1]
    for span in in_reach(found, links.low, links.low + len(words)):
        if around[0] <= span.low and span.high <= around[1]:
            inside = words[max(span.low - links.low, 0) : span.high - links.low + 1]
            out.append(Candidate(span.words, 0.3 + 0.7 * float(inside.sum()), 1.0))
    return out
