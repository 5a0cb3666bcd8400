from __future__ import annotations

import pytest
import torch
from torch import Tensor

from quotestance.network.batches import pad_windows
from quotestance.network.config import QuotestanceConfig
from quotestance.network.heads import (
    AntecedentScorer,
    DistanceBias,
    Pointer,
    SpanEncoder,
    pool,
)
from quotestance.network.labels import LAYERS, TAGS
from quotestance.network.model import InputFeatures, StanceClassifier
from quotestance.windows import cut, word_features
from tests.tiny_model import ARTICLE, WIDTH, tiny_encoder, tiny_model

ENCODER = tiny_encoder()
MODEL = tiny_model(ENCODER)


def states(words: int = 9) -> Tensor:
    return torch.randn(words, WIDTH, generator=torch.Generator().manual_seed(3))


def test_pool_is_the_mean_of_what_is_masked_and_zero_for_nothing() -> None:
    values = torch.tensor([[1.0, 3.0], [3.0, 5.0], [9.0, 9.0]])
    mask = torch.tensor([[True, True, False], [False, False, False]])
    assert pool(values, mask).tolist() == [[2.0, 4.0], [0.0, 0.0]]


def test_features_start_at_zero_and_tell_nothing_until_trained() -> None:
    every = torch.randint(0, 2, (2, 5, 4))
    assert not InputFeatures(WIDTH)(every).any()


def test_padding_changes_no_state() -> None:
    encoded = ENCODER.encode(ARTICLE)
    windows = cut(encoded, 40, 0)[:3]
    rows = [
        (encoded.pieces[encoded.first[w.start] : encoded.first[w.end]],
         word_features(encoded, w.start, w.end))
        for w in windows
    ]  # fmt: skip
    assert len({len(pieces) for pieces, _ in rows}) > 1
    with torch.inference_mode():
        together = MODEL(**pad_windows(*zip(*rows, strict=True), ENCODER))
        for row, (pieces, features) in enumerate(rows):
            alone = MODEL(**pad_windows([pieces], [features], ENCODER))
            torch.testing.assert_close(
                together[row, : len(pieces) + 2], alone[0], atol=1e-5, rtol=1e-4
            )


def test_pad_windows() -> None:
    encoded = ENCODER.encode("The mayor said.")
    features = word_features(encoded, 0, 4)
    n = len(encoded.pieces)
    out = pad_windows(
        [encoded.pieces, encoded.pieces[:1]],
        [features, features[:1]],
        ENCODER,
        roles=[encoded.pieces * 0 + 2, encoded.pieces[:1] * 0 + 1],
    )
    assert out["input_ids"].shape == (2, n + 2)
    assert out["input_ids"][0].tolist() == [ENCODER.cls, *encoded.pieces.tolist(), ENCODER.sep]
    assert out["input_ids"][1, 2:].tolist() == [ENCODER.sep] + [ENCODER.pad] * (n - 1)
    assert out["attention_mask"].sum(1).tolist() == [n + 2, 3]
    assert out["features"][0, :, 3].tolist() == [0] + [2] * n + [0]
    assert out["features"][1, 1].tolist() == [*features[0].tolist(), 1]


def test_tags_have_a_layer_for_each_role() -> None:
    assert MODEL.tags(states()).shape == (9, len(LAYERS), len(TAGS))


def test_a_span_is_encoded_from_its_own_words() -> None:
    encode = SpanEncoder(WIDTH, 8).eval()
    values = states()
    changed = values.clone()
    changed[5] += 1
    spans = torch.tensor([[1, 3], [4, 6]])
    one, other = encode(values, spans), encode(changed, spans)
    torch.testing.assert_close(one[0], other[0])
    assert not torch.allclose(one[1], other[1])


def test_a_pointer_has_a_null_choice_last() -> None:
    pointer = Pointer(WIDTH, 8).eval()
    scores = pointer(torch.randn(2, 8), states(), torch.zeros(2, 9))
    assert scores.shape == (2, 10)
    moved = pointer(torch.zeros(1, 8), states(), torch.zeros(1, 9))
    near = pointer(torch.zeros(1, 8), states(), torch.arange(9.0)[None])
    torch.testing.assert_close(near[:, :9] - moved[:, :9], torch.arange(9.0)[None])
    torch.testing.assert_close(near[:, 9], moved[:, 9])


def test_distance_is_signed_bucketed_and_zero_within_the_span() -> None:
    bias = DistanceBias(1)
    with torch.no_grad():
        bias.bias.weight.copy_(torch.arange(17.0)[:, None])
    found = bias(torch.tensor([[600, 601]]), 1300)[0, :, 0] - 8
    at = {word: int(found[word]) for word in (0, 597, 598, 599, 600, 601, 602, 603, 604, 605, 1299)}
    assert at == {0: -8, 597: -2, 598: -2, 599: -1, 600: 0, 601: 0, 602: 1, 603: 2, 604: 2,
                  605: 3, 1299: 8}  # fmt: skip


def test_links_have_one_column_a_word_and_one_for_none() -> None:
    scores = MODEL.linker(states(), torch.tensor([[0, 2], [4, 4]]))
    assert set(scores) == {"source", "cue", "target_start", "target_end"}
    assert {tuple(value.shape) for value in scores.values()} == {(2, 10)}


@pytest.mark.parametrize("candidates", [0, 1, 3])
def test_antecedents_have_a_null_choice(candidates: int) -> None:
    scorer = AntecedentScorer(WIDTH, 8).eval()
    spans = torch.tensor([[i, i] for i in range(candidates)], dtype=torch.long).reshape(-1, 2)
    assert scorer(states(), torch.tensor([[7, 8]]), spans).shape == (1, candidates + 1)


def test_stance_reads_who_holds_it() -> None:
    classify = StanceClassifier(WIDTH, 8).eval()
    values = states()[None]
    words = torch.ones(1, 9)
    written = torch.tensor([[0, 0, 0, 1, 0, 0, 0, 0, 0]])
    said = torch.tensor([[0, 0, 2, 1, 0, 0, 0, 0, 0]])
    swapped = torch.tensor([[0, 0, 1, 2, 0, 0, 0, 0, 0]])
    found = [classify(values, words, roles) for roles in (written, said, swapped)]
    assert found[0].shape == (1, 3)
    assert not torch.allclose(found[0], found[1])
    assert not torch.allclose(found[1], found[2])


def test_a_config_describes_itself() -> None:
    config = QuotestanceConfig()
    assert config.to_dict()["model_type"] == "quotestance"
    again = QuotestanceConfig(**QuotestanceConfig(calibration={"bias.cue": 0.5}).to_dict())
    assert again.calibration == {"bias.cue": 0.5}
    assert (again.window, again.context, again.format_version) == (320, 64, 1)
