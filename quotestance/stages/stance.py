"""What a quote is about and in what tone: target, type of target, stance, mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.network.labels import MODES, STANCES, TARGET_TYPES
from quotestance.network.marking import MarkedText, around, mark_text
from quotestance.network.runtime import Links, Network, ReadArticle
from quotestance.quotes import Stance
from quotestance.stages.joining import Attribution
from quotestance.stages.target_offers import reach
from quotestance.windows import EncodedText

WordSpan = tuple[int, int]
#: Longest target in words.
_LONGEST = 12
#: Word pieces of text around a quote that the stance head reads.
CONTEXT = 200


@dataclass(frozen=True)
class QuoteReading:
    """What the network says of one quote besides its spans.

    Args:
        is_quote: Probability that it is a quote by the guide.
        mode: One of ``MODES``.
        target: First and last word of what the network points to as target, or None. The stance
            is read with it marked; the target of the record is chosen by ``target_choice``.
        target_type: One of ``TARGET_TYPES`` or None.
        stance: Stance toward the target.
    """

    is_quote: float
    mode: str
    target: WordSpan | None
    target_type: str | None
    stance: Stance


class StanceStage:
    """Points to the target of each quote and classifies the speaker's stance toward it.

    Args:
        network: The network.
        calibration: ``temperature.quote_stance`` and ``temperature.stance`` divide the logits of
            quotes and of given pairs; ``bias.no_target`` is added to the log-odds of no target;
            ``bias.is_quote`` and ``bias.thought`` to those of their labels.
    """

    def __init__(self, network: Network, calibration: Mapping[str, float]) -> None:
        self._network = network
        self._calibration = calibration

    def __call__(
        self, article: ReadArticle, quotes: Sequence[Attribution], bounds: NDArray[np.int64]
    ) -> list[QuoteReading]:
        """Read every quote of an article.

        Args:
            article: The article as the network read it.
            quotes: Its quotes.
            bounds: ``[sentences, 2]`` first word and one past the last word of each sentence.
        """
        targets = [self._target(quote, bounds) for quote in quotes]
        marked = [
            mark_quote(article.encoded, quote, target, bounds)
            for quote, target in zip(quotes, targets, strict=True)
        ]
        stances = self._stances(self._network.stances(marked), "temperature.quote_stance")
        return [
            self._reading(article, quote, target, stance)
            for quote, target, stance in zip(quotes, targets, stances, strict=True)
        ]

    def given(self, encoded: EncodedText, target: WordSpan, holder: WordSpan | None) -> MarkedText:
        """The text around a given pair, marked for ``classify``."""
        low, high = around(
            encoded, [target, *([holder] if holder else [])], _whole(encoded), CONTEXT
        )
        return mark_text(encoded, low, high, [target], [holder] if holder else [])

    def classify(self, texts: Sequence[MarkedText]) -> list[Stance]:
        """Stance of marked texts with calibrated probabilities."""
        return self._stances(self._network.stances(texts), "temperature.stance")

    def _stances(self, logits: NDArray[np.float32], temperature: str) -> list[Stance]:
        scaled = logits / self._calibration.get(temperature, 1.0)
        scaled = scaled - scaled.max(-1, keepdims=True)
        weights = np.exp(scaled)
        probabilities = (weights / weights.sum(-1, keepdims=True)).tolist()
        return [
            Stance(STANCES[int(np.argmax(row))], dict(zip(STANCES, row, strict=True)))
            for row in probabilities
        ]

    def _target(self, quote: Attribution, bounds: NDArray[np.int64]) -> WordSpan | None:
        bias = self._calibration.get("bias.no_target", 0.0)
        return best_target(quote.links, *reach(quote, bounds), bias)

    def _reading(
        self, article: ReadArticle, quote: Attribution, target: WordSpan | None, stance: Stance
    ) -> QuoteReading:
        found = self._network.labels(
            article,
            [piece.words for piece in quote.content],
            [quote.cue] if quote.cue else [],
            [quote.source] if quote.source else [],
            target,
        )
        kinds = found.get("target_type")
        return QuoteReading(
            is_quote=self._shifted(found["is_quote"][1], "bias.is_quote"),
            mode=MODES[self._shifted(found["mode"][1], "bias.thought") > 0.5],
            target=target,
            target_type=TARGET_TYPES[int(kinds.argmax())] if kinds is not None else None,
            stance=stance,
        )

    def _shifted(self, probability: float, name: str) -> float:
        clipped = float(np.clip(probability, 1e-6, 1 - 1e-6))
        log_odds = np.log(clipped / (1 - clipped)) + self._calibration.get(name, 0.0)
        return float(1 / (1 + np.exp(-log_odds)))


def mark_quote(
    encoded: EncodedText, quote: Attribution, target: WordSpan | None, bounds: NDArray[np.int64]
) -> MarkedText:
    """The sentences of a quote with target, holder and content marked."""
    content = [piece.words for piece in quote.content]
    holder = [quote.source] if quote.source else []
    cue = [quote.cue] if quote.cue else []
    chosen = [target] if target else []
    low, high = around(encoded, [*chosen, *content, *holder, *cue], bounds, CONTEXT)
    return mark_text(encoded, low, high, chosen, holder, content)


def best_target(links: Links, low: int, high: int, bias: float = 0.0) -> WordSpan | None:
    """The most probable span within the words ``[low, high)``, or None.

    Args:
        links: Probabilities of where a target starts and ends.
        low: First word of the sentences of the quote.
        high: One past their last word.
        bias: Added to the log-probability of "no target".
    """
    words = len(links.target_start) - 1
    first, last = max(0, low - links.low), min(words, high - links.low)
    if first >= last:
        return None
    start = np.log(links.target_start[first:last] + 1e-9)
    end = np.log(links.target_end[first:last] + 1e-9)
    best, choice = -np.inf, None
    for length in range(min(_LONGEST, last - first)):
        scores = start[: len(start) - length] + end[length:]
        at = int(scores.argmax())
        if scores[at] > best:
            best, choice = float(scores[at]), (at, at + length)
    null = float(np.log(links.target_start[-1] + 1e-9) + np.log(links.target_end[-1] + 1e-9))
    if choice is None or null + bias > best:
        return None
    return links.low + first + choice[0], links.low + first + choice[1]


def _whole(encoded: EncodedText) -> NDArray[np.int64]:
    return np.array([[0, len(encoded)]], dtype=np.int64)
