"""How fast is it, by batch size and article length, beside the bare encoder and the peers?

The share of the bare encoder is the time that its forward passes take on the same windows, over
the time of the whole pipeline. Articles are fiction of our own making. Run from a checkout::

    python benchmarks/speed.py [--model PATH] [--quick]
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from baselines import NearestName, NotInstalledError, Textacy
from common import arguments, fiction_articles, provenance, write_result

from quotestance.records import Article

BATCHES = (1, 8, 32)
LENGTHS = (100, 500, 2000)  # words
WORDS = 8_000  # measured in each cell
RUNS = 2
PEER_WORDS = 500  # of an article that the peers read


def timed(run: Callable[[], Any], runs: int) -> float:
    """Seconds of the fastest of several runs; the others were disturbed."""
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def consume(nlp: Any, articles: Sequence[Article], batch_size: int) -> None:
    """Annotate all and keep nothing."""
    for _ in nlp.pipe(articles, batch_size=batch_size):
        pass


class EncoderClock:
    """Adds up the time inside the encoder while it reads windows.

    Args:
        encoder: The encoder module, whose forward passes are timed.
    """

    def __init__(self, encoder: Any) -> None:
        self.seconds = 0.0
        self._start = 0.0
        self._hooks = [
            encoder.register_forward_pre_hook(self._begin),
            encoder.register_forward_hook(self._end),
        ]

    def _begin(self, *_: Any) -> None:
        self._start = time.perf_counter()

    def _end(self, *_: Any) -> None:
        self.seconds += time.perf_counter() - self._start

    def close(self) -> None:
        """Take the clock off the encoder."""
        for hook in self._hooks:
            hook.remove()


def bare_encoder(nlp: Any, articles: Sequence[Article], batch_size: int, runs: int) -> float:
    """Seconds of the encoder alone on the windows of the articles."""
    network = nlp.network
    encoded = [network.encode(article.text) for article in articles]
    best = float("inf")
    for _ in range(runs):
        clock = EncoderClock(network.model.encoder)
        try:
            for i in range(0, len(encoded), batch_size):
                network.read(encoded[i : i + batch_size])
        finally:
            clock.close()
        best = min(best, clock.seconds)
    return best


def cell(nlp: Any, length: int, batch_size: int, *, words: int, runs: int) -> dict[str, float]:
    """Speed of one batch size on articles of one length."""
    articles = fiction_articles(max(1, words // length), length)
    tokens = sum(len(nlp.network.encode(article.text).pieces) for article in articles)
    consume(nlp, articles[:2], batch_size)
    seconds = timed(lambda: consume(nlp, articles, batch_size), runs)
    encoder = bare_encoder(nlp, articles, batch_size, runs)
    return {
        "words_per_article": length,
        "batch_size": batch_size,
        "articles": len(articles),
        "tokens": tokens,
        "seconds": round(seconds, 3),
        "articles_per_second": round(len(articles) / seconds, 2),
        "tokens_per_second": round(tokens / seconds),
        "bare_encoder_share": round(100 * encoder / seconds, 1),
    }


def peers(words: int, runs: int) -> tuple[dict[str, float], list[str]]:
    """Articles a second of the peers that are installed."""
    articles = fiction_articles(max(1, words // PEER_WORDS), PEER_WORDS)
    rates, notes = {}, []
    for make in (NearestName, Textacy):
        try:
            system: Any = make()
        except NotInstalledError as error:
            notes.append(error.message)
            continue
        seconds = timed(lambda s=system: list(s.pipe(articles, keep="quotes")), runs)  # type: ignore[misc]
        rates[system.name] = round(len(articles) / seconds, 2)
    return rates, notes


def cost_of_names(nlp: Any, words: int, runs: int) -> float:
    """Time of the pipeline over its time without speakers, targets and coreference resolved.

    Both run side by side, in turn; a ratio of medians.
    """
    articles = fiction_articles(max(1, words // PEER_WORDS), PEER_WORDS)
    stage = nlp.speakers

    def unresolved(_: Article, quotes: Any, *__: Any) -> tuple[Any, tuple[()]]:
        return quotes, ()

    seconds: dict[bool, list[float]] = {True: [], False: []}
    try:
        for _ in range(runs + 1):
            for resolved in (True, False):
                nlp.speakers = stage if resolved else unresolved
                seconds[resolved].append(timed(lambda: consume(nlp, articles, 8), 1))
    finally:
        nlp.speakers = stage
    return median(seconds[True]) / median(seconds[False])


def main() -> None:
    """Measure every cell and write the result."""
    args = arguments(__doc__).parse_args()
    import torch

    import quotestance as qs

    start = time.perf_counter()
    nlp = qs.load(args.model)
    nlp(fiction_articles(1, 100)[0])
    ready = time.perf_counter() - start
    words, runs = (2_000, 1) if args.quick else (WORDS, RUNS)
    cells = []
    for length in LENGTHS[: 2 if args.quick else None]:
        for batch_size in BATCHES[:: 2 if args.quick else 1]:
            cells.append(cell(nlp, length, batch_size, words=words, runs=runs))
            print(cells[-1], flush=True)
    rates, notes = peers(words, runs)
    result = {
        "quick": args.quick,
        "cells": cells,
        "peers_articles_per_second": rates,
        "peers_words": PEER_WORDS,
        "cost_of_names": round(cost_of_names(nlp, words, runs), 3),
        "notes": notes,
        "seconds_to_load_and_read_one_article": round(ready, 2),
        "threads": torch.get_num_threads(),
        "provenance": provenance(model=args.model, seeds={"articles": 1}),
    }
    write_result("speed-quick" if args.quick else "speed", result, args.output)


if __name__ == "__main__":
    main()
