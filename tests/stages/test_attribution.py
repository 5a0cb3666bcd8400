from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from quotestance.network.labels import LAYERS, TAGS
from quotestance.network.runtime import Links, ReadArticle
from quotestance.stages.attribution import AttributionStage
from quotestance.stages.decode import Found
from quotestance.stages.joining import Attribution
from quotestance.stages.linking import FEATURES
from quotestance.stages.passages import Places
from quotestance.stages.quotes import RoleSpans
from tests.tiny_model import tiny_encoder

ENCODER = tiny_encoder()
TEXT = "Venn said the wall will hold, and Ikede denied it had leaked before, he said."
#       0    1    2   3    4    5   6 7   8     9      10 11  12     13    14 15 16
WORDS = len(ENCODER.encode(TEXT))
ROLES = ("source", "cue", "target_start", "target_end")
#: Weights under which the pointers alone decide.
POINTERS = {f"link.{name}": float(name.endswith((".mass", ".null"))) for name in FEATURES}


def links(low: int = 0, words: int = WORDS, **mass: dict[int, float]) -> Links:
    """Links that fall on the given words of the text; what is left falls on none."""
    rows = {}
    for role in ROLES:
        row = np.zeros(words + 1, dtype=np.float32)
        for word, value in mass.get(role, {}).items():
            row[word - low] = value
        row[-1] = 1 - row.sum()
        rows[role] = row
    return Links(low, **rows)


class Fixed:
    """A network that points where it was told."""

    def __init__(self, found: Sequence[Links]) -> None:
        self.found = list(found)

    def links(self, article: ReadArticle, pieces: Sequence[tuple[int, int]]) -> list[Links]:
        del article
        assert len(pieces) == len(self.found)
        return self.found


def attribute(
    content: Sequence[tuple[int, int]],
    found: Sequence[Links],
    source: Sequence[tuple[int, int]] = ((0, 0), (8, 8), (14, 14)),
    cue: Sequence[tuple[int, int]] = ((1, 1), (9, 9), (15, 15)),
    around: Sequence[tuple[int, int] | None] | None = None,
    inner_source: Sequence[tuple[int, int]] = (),
    inner_cue: Sequence[tuple[int, int]] = (),
    tagged: dict[tuple[str, int], float] | None = None,
    bounds: Sequence[tuple[int, int]] | None = None,
    text: str = TEXT,
    **calibration: float,
) -> list[Attribution]:
    words = len(ENCODER.encode(text))
    log = np.full((words, len(LAYERS), len(TAGS)), np.log(0.25), dtype=np.float32)
    log[..., 0] = np.log(0.999)
    for (role, word), probability in (tagged or {}).items():
        log[word, LAYERS.index(role), 0] = np.log(1 - probability)
    for role, found_spans in (("source", source), ("cue", cue)):
        for low, high in found_spans:
            log[low : high + 1, LAYERS.index(role), 0] = np.log(0.1)
    spans = RoleSpans(
        content=tuple(Found(*s, 0.8) for s in content),
        source=tuple(Found(*s, 0.9) for s in source),
        cue=tuple(Found(*s, 0.9) for s in cue),
        around=tuple(around or [None] * len(content)),
        inner_source=tuple(Found(*s, 0.9) for s in inner_source),
        inner_cue=tuple(Found(*s, 0.9) for s in inner_cue),
        log_probabilities=log,
    )
    settings = {k.replace("_", "."): v for k, v in calibration.items()}
    stage = AttributionStage(Fixed(found), settings)  # type: ignore[arg-type]
    encoded = ENCODER.encode(text)
    bounds = np.array([[0, len(encoded)]]) if bounds is None else np.array(bounds)
    places = Places.of(encoded, text, bounds)
    return stage(ReadArticle(encoded, None), spans, places)  # type: ignore[arg-type]


def test_a_piece_goes_to_the_source_and_cue_that_it_points_to() -> None:
    (quote,) = attribute([(2, 5)], [links(source={0: 0.9}, cue={1: 0.8})])
    assert (quote.source, quote.cue, quote.inner) == ((0, 0), (1, 1), False)
    assert 0 < quote.probability < 1


def test_none_where_the_null_choice_is_likelier() -> None:
    (quote,) = attribute([(2, 5)], [links(source={0: 0.15}, cue={1: 0.1})])
    assert (quote.source, quote.cue) == (None, None)


def test_of_two_likely_sources_the_one_by_the_cue() -> None:
    (quote,) = attribute([(2, 5)], [links(source={0: 0.48, 14: 0.5}, cue={1: 0.95})])
    assert (quote.source, quote.cue) == ((0, 0), (1, 1))


def test_a_source_in_another_sentence_than_the_cue_is_a_last_resort() -> None:
    found = [links(source={0: 0.3, 8: 0.6}, cue={1: 0.95})]
    (quote,) = attribute([(2, 5)], found, **POINTERS)
    assert quote.source == (8, 8)
    settings = POINTERS | {"link.pair.apart": -2.0}
    (quote,) = attribute([(2, 5)], found, bounds=[(0, 7), (7, WORDS)], **settings)
    assert quote.source == (0, 0)


def test_the_paragraphs_of_a_running_quote_have_one_source() -> None:
    text = "Venn said: “It will hold.\n“It held before.”\nIkede laughed."
    #       0    1   2 3 4  5    6  7 8 9  10  11    12 13 14   15
    found = [
        links(0, 17, source={0: 0.9}, cue={1: 0.9}),
        links(0, 17, source={14: 0.9}, cue={15: 0.9}),
    ]
    settings = {"source": [(0, 0), (14, 14)], "cue": [(1, 1), (15, 15)]}
    (quote,) = attribute([(3, 7), (8, 13)], found, text=text, **settings)
    assert (quote.source, quote.cue) == ((0, 0), (1, 1))
    assert [piece.words for piece in quote.content] == [(3, 7), (8, 13)]


def test_no_quote_runs_from_a_headline_into_the_text() -> None:
    text = "Wall to hold\nIt leaks, says Venn."
    #       0    1  2     3  4    5 6    7   8
    found = [links(0, 9, source={7: 0.9}, cue={6: 0.9}) for _ in range(2)]
    settings = {"source": [(7, 7)], "cue": [(6, 6)], **POINTERS}
    first, second = attribute([(0, 2), (3, 5)], found, text=text, **settings)
    assert [piece.words for piece in first.content] == [(0, 2)]
    assert [piece.words for piece in second.content] == [(3, 5)]
    quoted = [links(0, 11, source={9: 0.9}, cue={8: 0.9}) for _ in range(2)]
    settings |= {"source": [(9, 9)], "cue": [(8, 8)]}
    marked = text.replace("Wall to hold", "‘Wall to hold’")
    assert len(attribute([(0, 4), (5, 7)], quoted, text=marked, **settings)) == 2
    stop = marked.replace("hold", ".")
    (quote,) = attribute([(0, 4), (5, 7)], quoted, text=stop, **settings)
    assert [piece.words for piece in quote.content] == [(0, 4), (5, 7)]


def test_no_source_within_the_very_piece() -> None:
    (quote,) = attribute([(2, 13)], [links(source={8: 0.9}, cue={9: 0.9})])
    assert (quote.source, quote.cue) == (None, None)


def test_a_source_that_the_tagger_missed_is_found_around_the_pointer() -> None:
    found = [links(source={8: 0.9}, cue={9: 0.9})]
    tagged = {("source", 8): 0.4, ("source", 7): 0.3}
    (quote,) = attribute([(10, 13)], found, source=(), tagged=tagged)
    assert quote.source == (7, 8)
    (quote,) = attribute([(10, 13)], found, source=())
    assert quote.source is None


def test_links_that_begin_in_the_middle_of_the_text_count_from_there() -> None:
    (quote,) = attribute([(10, 13)], [links(5, WORDS - 5, source={8: 0.9}, cue={9: 0.9})])
    assert (quote.source, quote.cue) == ((8, 8), (9, 9))
    tagged = {("source", 8): 0.9}
    (quote,) = attribute(
        [(10, 13)], [links(5, WORDS - 5, source={8: 0.9})], source=(), tagged=tagged
    )
    assert quote.source == (8, 8)


def test_pieces_of_one_cue_and_source_are_one_quote() -> None:
    same = links(source={8: 0.9}, cue={9: 0.9})
    (quote,) = attribute([(2, 5), (10, 13)], [same, same], **POINTERS)
    assert [piece.words for piece in quote.content] == [(2, 5), (10, 13)]


def test_pieces_of_one_cue_and_two_sources_are_two_quotes() -> None:
    found = [links(source={0: 0.9}, cue={9: 0.9}), links(source={8: 0.9}, cue={9: 0.9})]
    assert len(attribute([(2, 5), (10, 13)], found, **POINTERS)) == 2


def test_pieces_without_a_cue_are_never_joined() -> None:
    same = links(source={0: 0.9})
    assert len(attribute([(2, 5), (10, 13)], [same, same])) == 2


def test_a_score_below_the_threshold_is_no_quote() -> None:
    found = [links(source={0: 0.9}, cue={1: 0.8})]
    assert attribute([(2, 5)], found, threshold_quote=0.9) == []


def test_an_inner_quote_needs_a_source_and_a_cue_within_its_frame() -> None:
    frame = [links(source={0: 0.9}, cue={1: 0.8}), links(source={0: 0.9}, cue={1: 0.8})]
    pieces, around = [(2, 13), (10, 13)], [None, (2, 13)]
    both = {"inner_source": [(8, 8)], "inner_cue": [(9, 9)]}
    outer, inner = attribute(pieces, frame, around=around, **both)
    assert (outer.source, outer.cue, outer.inner) == ((0, 0), (1, 1), False)
    assert (inner.source, inner.cue, inner.inner) == ((8, 8), (9, 9), True)
    assert len(attribute(pieces, frame, around=around, inner_cue=[(9, 9)])) == 1
    assert len(attribute(pieces, frame, around=around, inner_source=[(15, 15)])) == 1


def test_no_content() -> None:
    assert attribute([], []) == []


def test_paragraphs_in_marks_without_a_cue_are_one_quote_however_unlikely() -> None:
    text = "“It will hold.\n“It held.\n“It holds.”\n“Other words.”"
    words = len(ENCODER.encode(text))
    pieces = [(0, 4), (5, 8), (9, 12), (13, 16)]
    nothing = [links(words=words) for _ in pieces]
    found = attribute(pieces, nothing, (), (), text=text, threshold_quote=0.99)
    assert [[piece.words for piece in quote.content] for quote in found] == [pieces[:3]]
    assert found[0].probability == 0.99
    found = attribute(pieces, nothing, (), (), text=text)
    assert [[piece.words for piece in quote.content] for quote in found] == [pieces[:3], pieces[3:]]
