from __future__ import annotations

import numpy as np
import pytest

from quotestance.network.labels import LAYERS, TAGS
from quotestance.network.runtime import Network, ReadArticle
from quotestance.stages.decode import Found
from quotestance.stages.passages import outermost_regions
from quotestance.stages.quotes import SpanStage, regions_in_words, run_on, snap
from tests.tiny_model import ARTICLE, network, tiny_encoder, tiny_folder  # noqa: F401

ENCODER = tiny_encoder()
TEXT = "Venn said “the wall will hold” on Tuesday."
#      0    1    2 3   4    5    6   7  8       9


def snapped(*spans: tuple[int, int], text: str = TEXT) -> list[tuple[int, int]]:
    found = [Found(low, high, 0.5) for low, high in spans]
    encoded = ENCODER.encode(text)
    return [span.words for span in snap(found, regions_in_words(encoded, text), encoded, text)]


@pytest.mark.parametrize("span", [(2, 7), (3, 6), (3, 7), (2, 6), (4, 5)])
def test_a_piece_that_misses_its_marks_takes_them_in(span: tuple[int, int]) -> None:
    assert snapped(span) == [(2, 7)]


def test_words_outside_the_marks_stay() -> None:
    assert snapped((1, 6)) == [(1, 7)]
    assert snapped((5, 9)) == [(2, 9)]


@pytest.mark.parametrize("span", [(0, 0), (8, 9)])
def test_a_piece_elsewhere_stays(span: tuple[int, int]) -> None:
    assert snapped(span) == [span]


def test_a_longer_piece_that_begins_or_ends_with_a_quotation_takes_its_mark_in() -> None:
    text = "She said “a wall, a gate and a tower” were the price of peace for the whole town."
    assert snapped((3, 18), text=text) == [(2, 18)]
    text = "She said the price of peace for the whole town was “a wall, a gate and a tower”."
    assert snapped((2, 19), text=text) == [(2, 20)]


@pytest.mark.parametrize("rest", ["thereby calling for talks", "meaning a year", "adding water"])
def test_a_participle_of_the_narrator_after_the_marks_is_cut_off(rest: str) -> None:
    text = f"She stressed the “need to act now,” {rest}."
    words = len(ENCODER.encode(text))
    assert snapped((2, words - 2), text=text) == [(2, 9)]


@pytest.mark.parametrize(
    "rest", ["including the wall", "and holding it", "adding that “it leaks”", "which is holding"]
)
def test_other_words_after_the_marks_stay(rest: str) -> None:
    text = f"She stressed the “need to act now,” {rest}."
    words = len(ENCODER.encode(text))
    assert snapped((2, words - 2), text=text)[0][1] == words - 2


def test_pieces_never_overlap_after_snapping() -> None:
    assert snapped((1, 2), (3, 6)) == [(1, 2), (3, 7)]


def test_a_text_of_nothing_but_marks_is_snapped_in_time() -> None:
    text = "“a” " * 2_000
    encoded = ENCODER.encode(text)
    spans = [Found(i, i + 1, 0.5) for i in range(0, len(encoded) - 2, 3)]
    found = snap(spans, regions_in_words(encoded, text), encoded, text)
    assert [span.words for span in found[:2]] == [(0, 2), (3, 5)]


def test_a_comma_or_semicolon_at_an_end_is_not_content() -> None:
    text = "The wall, she said, “will hold”; and so it did."
    #       0   1   2 3   4   5 6 7    8   9 10 11
    assert snapped((0, 2), (5, 10), text=text) == [(0, 1), (6, 9)]
    assert snapped((2, 2), text=text) == [(2, 2)]


RUNNING = "“It will hold.\n“It held.\n“It holds.”\n“Other words.”"
#          0 1  2    3   4 5 6  7   8 9 10   11 12 13 14   15  16 17


@pytest.mark.parametrize(
    ("found", "added"),
    [
        ([], [(0, 4), (5, 8), (9, 13)]),
        ([(5, 8)], [(0, 4), (9, 13)]),
        ([(0, 4), (10, 11)], [(5, 8)]),
        ([(14, 17)], [(0, 4), (5, 8), (9, 13)]),
    ],
)
def test_paragraphs_of_a_quote_that_runs_on_are_found_together(
    found: list[tuple[int, int]], added: list[tuple[int, int]]
) -> None:
    regions = outermost_regions(ENCODER.encode(RUNNING), RUNNING)
    spans = run_on([Found(*words, 0.7) for words in found], *regions)
    assert [span.words for span in spans] == sorted(found + added)
    own = {span.probability for span in spans if span.words in added}
    assert own == {0.7 if found and found[0][0] < 14 else 0.5}


class Fixed:
    """A network that gives the tags it was told."""

    def __init__(self, rows: dict[str, dict[int, str]], words: int) -> None:
        self.scores = np.full((words, len(LAYERS), len(TAGS)), np.log(0.01), dtype=np.float32)
        self.scores[..., 0] = np.log(0.96)
        for layer, tags in rows.items():
            for word, tag in tags.items():
                row = self.scores[word, LAYERS.index(layer)]
                row[:], row[TAGS.index(tag)] = np.log(0.1), np.log(0.6)

    def tags(self, article: ReadArticle) -> np.ndarray:
        del article
        return self.scores


def stage(rows: dict[str, dict[int, str]], **calibration: float):
    encoded = ENCODER.encode(TEXT)
    fixed = Fixed(rows, len(encoded))
    run = SpanStage(fixed, {f"bias.{k}": v for k, v in calibration.items()})  # type: ignore[arg-type]
    return run(ReadArticle(encoded, None), TEXT)  # type: ignore[arg-type]


def test_roles_of_a_sentence() -> None:
    content = {3: "B", 4: "I", 5: "I", 6: "E"}
    found = stage({"source": {0: "S"}, "cue": {1: "S"}, "content": content})
    assert [s.words for s in found.content] == [(2, 7)]
    assert [s.words for s in found.source] == [(0, 0)]
    assert [s.words for s in found.cue] == [(1, 1)]
    assert found.around == (None,)


def test_inner_content_needs_an_outer_one_around_it() -> None:
    inner = {"inner_content": {4: "B", 5: "E"}, "inner_cue": {3: "S"}}
    assert stage(inner).content == ()
    outer = {"content": {2: "B", **dict.fromkeys(range(3, 7), "I"), 7: "E"}}
    found = stage(outer | inner)
    assert [s.words for s in found.content] == [(2, 7), (4, 5)]
    assert found.around == (None, (2, 7))
    assert found.cue == ()
    assert [s.words for s in found.inner_cue] == [(3, 3)]


def test_the_bias_makes_outside_more_or_less_likely() -> None:
    rows = {"cue": {1: "S"}}
    assert len(stage(rows).cue) == 1
    assert len(stage(rows, cue=3.0).cue) == 0
    assert len(stage(rows, source=3.0).cue) == 1


def test_the_network_decodes_to_ordered_spans(network: Network) -> None:  # noqa: F811
    found = SpanStage(network, {})(network.read([network.encode(ARTICLE)])[0], ARTICLE)
    assert found.content
    assert len(found.content) == len(found.around)
    words = [span.words for span in found.content]
    assert words == sorted(words, key=lambda pair: (pair[0], -pair[1]))
    assert all(0 < span.probability <= 1 for span in found.content)
