"""Words that may name the target of a quote, and what speaks for each.

The network says of each word how likely a target starts and ends there. A likely start and a
likely end need not make a phrase, so names, pronouns and stretches without a break stand for
election; ``target_choice`` elects one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotestance.network.runtime import Links
from quotestance.quotes import Span
from quotestance.stages.joining import Attribution
from quotestance.stages.lexicon import CALENDAR, HONORIFICS, PRONOUNS, RELATIVE, SENTENCE_WORDS
from quotestance.windows import EncodedText

WordSpan = tuple[int, int]

_LONGEST = 12
_STARTS, _ENDS = 6, 3
_LEAST = 1e-5
_JOINS = frozenset("-'’.&‐‑")
_AUXILIARIES = frozenset(
    """is are was were be been being am has have had do does did will would can could should may
    might must shall ain isn aren wasn weren don doesn didn won wouldn couldn shouldn""".split()
)
_DETERMINERS = frozenset("the a an this that these those his its their our my your".split())
_POINTERS = PRONOUNS | frozenset("this these those".split())
_BREAKS = (PRONOUNS - _DETERMINERS) | _AUXILIARIES | RELATIVE
_NO_NAMES = SENTENCE_WORDS | PRONOUNS | CALENDAR | _AUXILIARIES | RELATIVE | _DETERMINERS


@dataclass(frozen=True, slots=True)
class Offer:
    """Words that may name the target of a quote.

    Args:
        span: The words.
        start: Log-probability, by the network, that a target starts with them.
        end: Log-probability that one ends with them.
        outside: Whether they stand outside the content.
    """

    span: Span
    start: float
    end: float
    outside: bool


@dataclass(frozen=True, slots=True)
class Ballot:
    """What stands for election as the target of a quote.

    Args:
        offers: Words that may name it.
        none: Log-probability, by the network, that there is no target.
    """

    offers: Sequence[Offer]
    none: float


@dataclass(frozen=True)
class Wording:
    """The words of one article, and the names among them.

    Args:
        words: Each word in lower case.
        names: First and last word of each name, in text order.
        bounds: Where each word starts and ends in the text.
    """

    words: Sequence[str]
    names: Sequence[WordSpan]
    bounds: Sequence[Sequence[int]]

    @classmethod
    def of(cls, encoded: EncodedText, text: str) -> Wording:
        """Read an article.

        Args:
            encoded: Its words.
            text: The article.
        """
        bounds = encoded.words.tolist()
        written = [text[start:end] for start, end in bounds]
        words = [word.lower() for word in written]
        names: list[WordSpan] = []
        for i, word in enumerate(written):
            if not word[0].isupper() or words[i] in _NO_NAMES:
                continue
            if names and _goes_on(words, bounds, names[-1][1], i):
                names[-1] = (names[-1][0], i)
            else:
                names.append((i, i))
        return cls(words, names, bounds)


def _goes_on(words: Sequence[str], bounds: Sequence[Sequence[int]], last: int, i: int) -> bool:
    """Whether a capital goes on with the name before: ``Petra Voss``, ``J. Voss``, ``Ann-Lee``."""
    between = words[last + 1 : i]
    near = bounds[i][0] - bounds[last][1] <= 1 + len(between)
    if not between:
        return near
    dotted = len(words[last]) == 1 or words[last] in HONORIFICS
    return near and len(between) == 1 and (between[0] in "-‐‑&" or (between[0] == "." and dotted))


def reach(quote: Attribution, bounds: NDArray[np.int64]) -> WordSpan:
    """First word of the sentences of a quote, and one past their last.

    Args:
        quote: The quote.
        bounds: ``[sentences, 2]`` first word and one past the last word of each sentence.
    """
    spans = [piece.words for piece in quote.content]
    spans += [span for span in (quote.cue, quote.source) if span is not None]
    low = min(span[0] for span in spans)
    high = max(span[1] for span in spans) + 1
    inside = bounds[(bounds[:, 1] > low) & (bounds[:, 0] < high)]
    if len(inside):
        low, high = min(low, int(inside[0, 0])), max(high, int(inside[-1, 1]))
    return low, high


def ballots(
    quotes: Sequence[Attribution], encoded: EncodedText, text: str, bounds: NDArray[np.int64]
) -> list[Ballot]:
    """What stands for election as the target of each quote of an article.

    Args:
        quotes: The quotes.
        encoded: The words of the article.
        text: The article.
        bounds: ``[sentences, 2]`` first word and one past the last word of each sentence.
    """
    wording = Wording.of(encoded, text)
    return [
        ballot(quote.links, reach(quote, bounds), [p.words for p in quote.content], wording)
        for quote in quotes
    ]


def ballot(links: Links, bounds: WordSpan, content: Sequence[WordSpan], wording: Wording) -> Ballot:
    """Names, pronouns and unbroken stretches of words that may name the target of a quote.

    Args:
        links: What the quote points to.
        bounds: First word of its sentences, and one past their last.
        content: First and last word of each piece.
        wording: The words of the article.
    """
    low = max(bounds[0], links.low)
    high = min(bounds[1], links.low + len(links.target_start) - 1, len(wording.words))
    start = np.log(links.target_start + _LEAST)
    end = np.log(links.target_end + _LEAST)
    found = dict.fromkeys(_names_within(wording, low, high))
    found |= dict.fromkeys((i, i) for i in range(low, high) if wording.words[i] in _POINTERS)
    found |= dict.fromkeys(_stretches(start, end, (low, high), links.low, wording.words))
    offers = [
        Offer(
            Span(wording.bounds[first][0], wording.bounds[last][1]),
            float(start[first - links.low]),
            float(end[last - links.low]),
            outside=not any(a <= first and last <= b for a, b in content),
        )
        for first, last in found
    ]
    return Ballot(offers, float(start[-1] + end[-1]))


def _stretches(
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    within: WordSpan,
    offset: int,
    words: Sequence[str],
) -> Iterator[WordSpan]:
    """The likeliest ends of the likeliest starts, with no break between them."""
    low, high = within
    for first in (low + np.argsort(-start[low - offset : high - offset])[:_STARTS]).tolist():
        last = _unbroken(words, first, min(high, first + _LONGEST))
        ends = np.argsort(-end[first - offset : last + 1 - offset])[:_ENDS].tolist()
        for span in ((first, first + k) for k in ends):
            if words[span[0]][0].isalnum() and words[span[1]][0].isalnum():
                yield span


def _names_within(wording: Wording, low: int, high: int) -> Sequence[WordSpan]:
    first = bisect_left(wording.names, low, key=lambda name: name[0])
    return wording.names[first : bisect_left(wording.names, high, key=lambda name: name[1])]


def _unbroken(words: Sequence[str], first: int, high: int) -> int:
    """The last word of the stretch from a word on without punctuation, pronoun or auxiliary."""
    last = first
    for i in range(first + 1, high):
        word = words[i]
        if word in _BREAKS or not (word[0].isalnum() or word in _JOINS):
            break
        last = i
    return last
