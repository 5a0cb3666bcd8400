from __future__ import annotations

import pytest

from quotestance.stages.decode import Found
from quotestance.stages.inner import closed_words, split_regions, to_marks
from quotestance.stages.quotes import regions_in_words
from tests.tiny_model import tiny_encoder

ENCODER = tiny_encoder()


def words_of(text: str, part: str) -> tuple[int, int]:
    start = text.index(part)
    found = ENCODER.encode(text).covering(start, start + len(part))
    assert found is not None
    return found


def regions(text: str, *outer: str) -> tuple[list[str], list[str]]:
    encoded = ENCODER.encode(text)
    pieces = [words_of(text, piece) for piece in outer]
    return tuple(
        [text[encoded.words[low, 0] : encoded.words[high, 1]] for low, high in found]
        for found in split_regions(regions_in_words(encoded, text), pieces)
    )


def test_the_marks_of_a_quote_are_told_from_those_in_it() -> None:
    quote = "“He told me ‘you are finished here,’”"
    assert regions(f"{quote} she said.", quote) == ([quote], ["‘you are finished here,’"])


def test_marks_within_words_out_of_marks_are_inside() -> None:
    content = "that Voss had called it “a dead letter from the start”"
    assert regions(f"It said {content}.", content) == ([], ["“a dead letter from the start”"])


def test_marks_elsewhere_are_neither() -> None:
    assert regions("“Go away now,” he said. It was “all over now”.", "“Go away now,”") == (
        ["“Go away now,”"],
        [],
    )


@pytest.mark.parametrize("stop", [",", "."])
def test_the_closing_mark_and_the_stop_before_it_belong_to_nobody_inside(stop: str) -> None:
    text = f"“Gus swore that the fence stood there{stop}” she said"
    encoded = ENCODER.encode(text)
    closed = closed_words(regions_in_words(encoded, text), encoded, text)
    assert [text[encoded.words[i, 0] : encoded.words[i, 1]] for i in closed] == ["“", stop, "”"]


def test_the_last_word_stays_where_no_stop_is() -> None:
    text = "“Who said ‘you may go now’” she asked"
    encoded = ENCODER.encode(text)
    closed = closed_words([words_of(text, "“Who said ‘you may go now’”")], encoded, text)
    assert [text[encoded.words[i, 0]] for i in closed] == ["“", "”"]


def test_words_that_begin_with_a_mark_end_with_it() -> None:
    text = "“He shouted ‘jump now!’ and we jumped,” she said"
    span = words_of(text, "‘jump now!’ and we jumped")
    found = to_marks([Found(*span, 0.4)], [words_of(text, "‘jump now!’")])
    assert [f.words for f in found] == [words_of(text, "‘jump now!’")]


def test_two_marked_parts_of_one_content_stay_together() -> None:
    text = "“He wanted ‘more bread’ and ‘fewer kings’ now,” she said"
    span = words_of(text, "‘more bread’ and ‘fewer kings’")
    parts = [words_of(text, "‘more bread’"), words_of(text, "‘fewer kings’")]
    assert [f.words for f in to_marks([Found(*span, 0.4)], parts)] == [span]
