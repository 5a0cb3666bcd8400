from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from quotestance import text as texts
from quotestance.windows import EncodedText, WordPieces, cut, word_features
from tests.tiny_model import ARTICLE, tiny_encoder

ENCODER = tiny_encoder()
TEXTS = st.text(alphabet=st.one_of(st.sampled_from("abc .,\n\n“”'\"’\ud800"), st.characters()))


def decoded(encoded: EncodedText, word: int) -> list[str]:
    pieces = encoded.pieces[encoded.first[word] : encoded.first[word + 1]]
    return [str(ENCODER._tokenizer.id_to_token(int(piece))) for piece in pieces]


def test_words_are_offsets_of_the_users_string() -> None:
    text = "Orla Venn\tsaid: “No.”"
    words = [text[start:end] for start, end in ENCODER.encode(text).words]
    assert words == ["Orla", "Venn", "said", ":", "“", "No", ".", "”"]


@pytest.mark.parametrize("opening, closing", ["“”", '""', "«»"])
def test_double_marks_of_every_style_reach_the_encoder_as_one(opening: str, closing: str) -> None:
    encoded = ENCODER.encode(f"She said {opening}the wall would hold{closing}.")
    assert decoded(encoded, 2) == decoded(encoded, 7) == ['"']
    assert encoded.mark[2] == texts.OPEN_DOUBLE
    assert encoded.mark[7] == texts.CLOSE_DOUBLE
    assert set(encoded.mark[3:7]) == {texts.INSIDE_DOUBLE}


def test_an_apostrophe_is_no_mark() -> None:
    encoded = ENCODER.encode("The engineers’ wall")
    assert encoded.marks == () or {mark.role for mark in encoded.marks} == {"none"}
    assert texts.OPEN_SINGLE not in encoded.mark


def test_shape_and_paragraph_of_each_word() -> None:
    encoded = ENCODER.encode("The mayor.\n\nUN officials")
    assert encoded.paragraph.tolist() == [1, 0, 0, 1, 0]
    assert encoded.shape.tolist() == [texts.TITLE, texts.LOWER, texts.STOP, texts.UPPER,
                                      texts.LOWER]  # fmt: skip


def test_a_lone_surrogate_is_replaced_in_the_models_copy_only() -> None:
    text = "said \ud83d the \udc00mayor"
    encoded, plain = ENCODER.encode(text), ENCODER.encode("said \ufffd the \ufffdmayor")
    assert [text[s:e] for s, e in encoded.words] == ["said", "\ud83d", "the", "\udc00", "mayor"]
    assert encoded.pieces.tolist() == plain.pieces.tolist()


def test_words_that_the_tokenizer_drops_still_have_a_piece() -> None:
    encoded = ENCODER.encode("a \x00 b \x01")
    assert len(encoded) == 4
    assert (np.diff(encoded.first) >= 1).all()


def test_an_empty_text_has_no_words() -> None:
    encoded = ENCODER.encode(" \n ")
    assert len(encoded) == 0
    assert encoded.first.tolist() == [0]
    assert cut(encoded, 48, 12) == []
    assert encoded.covering(0, 3) is None


@pytest.mark.parametrize(
    "start, end, expected",
    [
        (0, 3, (0, 0)),
        (1, 2, (0, 0)),
        (0, 9, (0, 1)),
        (2, 5, (0, 1)),
        (3, 4, None),
        (4, 10, (1, 2)),
        (10, 99, None),
    ],
)
def test_covering(start: int, end: int, expected: tuple[int, int] | None) -> None:
    assert ENCODER.encode("The mayor.").covering(start, end) == expected


def test_a_full_cache_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ENCODER.encode(ARTICLE).pieces.tolist()
    small = WordPieces(ENCODER._tokenizer)
    monkeypatch.setattr(WordPieces, "CACHE", 3)
    for _ in range(2):
        assert small.encode("The mayor said no.").pieces.tolist()
        assert small.encode(ARTICLE).pieces.tolist() == expected


def test_a_tokenizer_without_special_tokens_is_refused() -> None:
    with pytest.raises(ValueError, match=r"none of the special tokens \('\[CLS\]', '<s>'\)"):
        WordPieces(Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]")))


@given(TEXTS, st.integers(1, 60), st.integers(0, 20))
def test_cores_tile_any_text_and_windows_keep_their_size(
    text: str, size: int, context: int
) -> None:
    encoded = ENCODER.encode(text)
    windows = cut(encoded, size, context)
    edges = [0, *(window.core_end for window in windows)]
    assert [window.core_start for window in windows] == edges[:-1]
    assert edges[-1] == len(encoded)
    for window in windows:
        assert window.start <= window.core_start < window.core_end <= window.end <= len(encoded)
        pieces = encoded.first[[window.start, window.core_start, window.core_end, window.end]]
        assert pieces[1] - pieces[0] <= context
        assert pieces[3] - pieces[2] <= context
        if window.core_end - window.core_start > 1:
            assert pieces[2] - pieces[1] <= max(1, size - 2 * context)


def test_windows_are_cut_at_a_paragraph_in_their_second_half() -> None:
    sentence = "The mayor said the wall would hold. "
    encoded = ENCODER.encode(sentence * 3 + "\n\n" + sentence * 3)
    start = int(np.flatnonzero(encoded.paragraph)[1])
    size = int(encoded.first[start]) + 5
    assert cut(encoded, size, 0)[0].core_end == start


def test_no_text_is_cut_off() -> None:
    encoded = ENCODER.encode(ARTICLE * 30)
    windows = cut(encoded, 48, 12)
    answered = [word for w in windows for word in range(w.core_start, w.core_end)]
    assert answered == list(range(len(encoded)))


def test_only_the_first_piece_of_a_word_starts_a_paragraph() -> None:
    encoded = ENCODER.encode("Fishtreaty said.\nNo")
    assert encoded.first[1] > 1
    rows = word_features(encoded, 0, len(encoded))
    assert rows.shape == (len(encoded.pieces), 3)
    assert np.flatnonzero(rows[:, 2]).tolist() == [0, int(encoded.first[3])]
    assert set(rows[: encoded.first[1], 0]) == {texts.TITLE}


def test_features_can_be_dropped() -> None:
    encoded = ENCODER.encode("Orla said “no”.")
    rows = word_features(encoded, 1, 6, drop_shape=True)
    assert not rows[:, 0].any()
    assert rows[:, 1].any()
    assert not word_features(encoded, 1, 6, drop_marks=True)[:, 1].any()
