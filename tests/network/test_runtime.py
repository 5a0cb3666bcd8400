from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import quotestance.network.runtime as runtime
from quotestance.errors import DeviceError
from quotestance.network.labels import LAYERS, TAGS
from quotestance.network.marking import mark_text
from quotestance.network.runtime import PASS_TOKENS, Network, _passes, choose_device
from tests.tiny_model import ARTICLE, WIDTH, network, tiny_folder  # noqa: F401


def test_auto_is_cuda_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device("auto").type == choose_device("cuda").type == "cuda"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device().type == choose_device("cpu").type == "cpu"


def test_a_device_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceError) as caught:
        choose_device("cuda")
    assert str(caught.value) == "the device cuda was asked for and torch sees none"
    assert caught.value.hint == "use --device cpu, or install a CUDA build of torch"
    with pytest.raises(DeviceError, match="expected auto, cpu or cuda as device, found 'gpu'"):
        choose_device("gpu")


@given(st.lists(st.integers(0, 400), max_size=60))
def test_passes_hold_every_row_once_and_are_bounded(lengths: list[int]) -> None:
    passes = _passes(lengths)
    assert sorted(row for rows in passes for row in rows) == list(range(len(lengths)))
    for rows in passes:
        assert len(rows) * (max(lengths[row] for row in rows) + 2) <= PASS_TOKENS


def test_states_do_not_depend_on_what_else_is_read(network: Network) -> None:  # noqa: F811
    texts = [network.encode(t) for t in (ARTICLE, "", "No.", ARTICLE[40:300])]
    together = network.read(texts)
    for text, read in zip(texts, together, strict=True):
        alone = network.read([text])[0]
        assert read.states.shape == (len(text), WIDTH)
        torch.testing.assert_close(read.states, alone.states, atol=1e-5, rtol=1e-4)


def test_small_passes_give_the_same_states(
    network: Network,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = network.encode(ARTICLE)
    expected = network.read([text])[0].states
    monkeypatch.setattr(runtime, "PASS_TOKENS", 60)
    torch.testing.assert_close(network.read([text])[0].states, expected, atol=1e-5, rtol=1e-4)


def test_tags_are_log_probabilities(network: Network) -> None:  # noqa: F811
    read, empty = network.read([network.encode(ARTICLE), network.encode("")])
    tags = network.tags(read)
    assert tags.shape == (len(read.encoded), len(LAYERS), len(TAGS))
    np.testing.assert_allclose(np.exp(tags).sum(-1), 1, atol=1e-5)
    assert network.tags(empty).shape == (0, len(LAYERS), len(TAGS))


def test_links_are_probabilities_within_reach(
    network: Network,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runtime, "REACH", 10)
    monkeypatch.setattr(runtime, "_GROUP_WORDS", 30)
    read = network.read([network.encode(ARTICLE)])[0]
    pieces = [(0, 3), (20, 24), (60, 61), (90, 99)]
    for piece, links in zip(pieces, network.links(read, pieces), strict=True):
        for name in ("source", "cue", "target_start", "target_end"):
            found = getattr(links, name)
            assert found.sum() == pytest.approx(1, abs=1e-5)
            words = np.flatnonzero(found[:-1]) + links.low
            assert words.min(initial=piece[0]) >= piece[0] - 10
            assert words.max(initial=piece[1]) <= piece[1] + 10


def test_links_do_not_depend_on_the_group(
    network: Network,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = network.read([network.encode(ARTICLE)])[0]
    pieces = [(0, 3), (20, 24), (60, 61)]
    together = network.links(read, pieces)
    monkeypatch.setattr(runtime, "_GROUP_WORDS", 1)
    for one, other in zip(together, network.links(read, pieces), strict=True):
        assert one.low == other.low
        np.testing.assert_allclose(one.source, other.source, atol=1e-5)
    assert network.links(read, []) == []


def test_labels_and_the_type_of_a_target(network: Network) -> None:  # noqa: F811
    read = network.read([network.encode(ARTICLE)])[0]
    found = network.labels(read, [(4, 9)], [], [], None)
    assert {name: len(value) for name, value in found.items()} == {
        "is_quote": 2, "mode": 2, "polarity": 2,
    }  # fmt: skip
    found = network.labels(read, [(4, 9), (12, 14)], [(3, 3)], [(0, 2)], (30, 31))
    assert len(found["target_type"]) == 7
    for value in found.values():
        assert value.sum() == pytest.approx(1, abs=1e-5)


def test_stances_of_many_texts_come_in_order(network: Network) -> None:  # noqa: F811
    encoded = network.encode(ARTICLE)
    texts = [mark_text(encoded, low, low + 8 + low % 5, [(low, low)]) for low in range(0, 60, 6)]
    together = network.stances(texts)
    assert together.shape == (len(texts), 3)
    for row, text in zip(together, texts, strict=True):
        np.testing.assert_allclose(network.stances([text])[0], row, atol=1e-5)
    assert network.stances([]).shape == (0, 3)


def test_antecedents_are_probabilities(network: Network) -> None:  # noqa: F811
    read = network.read([network.encode(ARTICLE)])[0]
    found, alone = network.antecedents(read, [((30, 30), [(0, 1), (7, 8)]), ((30, 30), [])])
    assert found.shape == (3,)
    assert found.sum() == pytest.approx(1, abs=1e-5)
    assert alone.tolist() == [1.0]
    assert network.antecedents(read, []) == []


def test_antecedents_do_not_depend_on_the_group(
    network: Network,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = network.read([network.encode(ARTICLE)])[0]
    questions = [
        ((30, 30), [(0, 1), (7, 8)]),
        ((95, 96), [(90, 91)]),
        ((40, 40), [(7, 8), (60, 60)]),
    ]
    together = network.antecedents(read, questions)
    for words, anaphors in ((8, 8), (1024, 1)):
        monkeypatch.setattr(runtime, "_GROUP_WORDS", words)
        monkeypatch.setattr(runtime, "_GROUP_ANAPHORS", anaphors)
        for one, other in zip(together, network.antecedents(read, questions), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)
