from __future__ import annotations

import random
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quotestance.training.mixture import Batch, Mixture, PairSource, QuoteSource, pack
from quotestance.training.sources import quote_source, quote_stances
from tests.tiny_model import tiny_encoder
from tests.training.examples import articles

ENCODER = tiny_encoder()


def mixture(seed: int = 1, epochs: int = 2, most: int = 200) -> Mixture:
    sources: dict[str, Any] = {
        "quotes": quote_source(articles() * 5, ENCODER, seed),
        "stance": PairSource([(quote_stances(articles(), ENCODER), 1.5)]),
    }
    return Mixture(sources, epochs, most, seed)


def content(batch: Batch) -> list[Any]:
    """Everything that a step would read of a batch, in a form that compares."""
    out: list[Any] = [batch.task]
    for item in batch.items:
        out.append([v.tolist() if isinstance(v, np.ndarray) else repr(v)
                    for v in vars(item).values()])  # fmt: skip
    return out


def test_the_same_seed_gives_the_same_batches() -> None:
    one, other = mixture(), mixture()
    assert len(one) == len(other) == 2 * one.batches_per_epoch
    assert [content(one[i]) for i in range(len(one))] == [
        content(other[i]) for i in range(len(one))
    ]


def test_a_resumed_run_reads_what_an_undisturbed_one_reads() -> None:
    one = mixture()
    undisturbed = [content(one[i]) for i in range(len(one))]
    for start in (1, one.batches_per_epoch + 1):
        resumed = mixture()
        assert [content(resumed[i]) for i in range(start, len(one))] == undisturbed[start:]


def test_another_seed_or_epoch_gives_another_order() -> None:
    one, other = mixture(1), mixture(2)
    first = [content(one[i]) for i in range(one.batches_per_epoch)]
    assert first != [content(other[i]) for i in range(min(len(first), len(other)))]
    assert first != [content(one[one.batches_per_epoch + i]) for i in range(len(first))]


def test_every_task_is_seen() -> None:
    made = mixture()
    assert {made[i].task for i in range(made.batches_per_epoch)} == {"quotes", "stance"}


@given(st.lists(st.integers(1, 300), max_size=80), st.integers(20, 500), st.integers(0, 99))
def test_pack_holds_every_item_once_and_keeps_the_bound(
    lengths: list[int], most: int, seed: int
) -> None:
    items = list(enumerate(lengths))
    batches = pack(items, lambda item: item[1], most, random.Random(seed))
    assert sorted(item for batch in batches for item in batch) == items
    for batch in batches:
        longest = max(length for _, length in batch)
        assert len(batch) == 1 or len(batch) * (longest + 2) <= most


def test_pack_puts_like_lengths_together() -> None:
    lengths = [10, 200] * 20
    batches = pack(lengths, int, 810, random.Random(0))
    assert all(len(set(batch)) == 1 for batch in batches)


def test_a_group_is_seen_at_its_rate() -> None:
    source = PairSource([(list("abcd"), 1.5), (list("wxyz"), 0.25)])
    seen = source.epoch(random.Random(0))
    assert len(seen) == 7
    assert all(seen.count(letter) >= 1 for letter in "abcd")
    assert sum(letter in "wxyz" for letter in seen) == 1


def test_windows_are_cut_anew_in_each_epoch() -> None:
    source = quote_source(articles() * 4, ENCODER, 1, nested=False)
    assert isinstance(source, QuoteSource)
    draw = random.Random(5)
    first, second = ([w.tags.shape[1] for w in source.epoch(draw)] for _ in range(2))
    assert sum(first) == sum(second)
    assert all(len(w.pieces) for w in source.epoch(draw))


def test_windows_of_made_articles_are_marked() -> None:
    draw = random.Random(1)
    assert not any(w.made for w in quote_source(articles(), ENCODER, 1, nested=False).epoch(draw))
    seen = [w.made for w in quote_source(articles() * 10, ENCODER, 1).epoch(draw)]
    assert any(seen) and not all(seen)
