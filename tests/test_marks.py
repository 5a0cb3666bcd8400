import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotestance import text as tx

MARKED = st.text(alphabet=st.sampled_from(list("ab s.,5\n “”\"‘’'`«»„‚—(\ud800\x00é")), max_size=80)


def regions(text):
    return [text[start:end] for start, end, _ in tx.quote_regions(text, tx.find_marks(text))]


def roles(text):
    return [(text[mark.start : mark.end], mark.role) for mark in tx.find_marks(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We stay,” Oro said.", ["“We stay,”"]),
        ('"We stay," Oro said.', ['"We stay,"']),
        ("‘We stay,’ Oro said.", ["‘We stay,’"]),
        ("'We stay,' Oro said.", ["'We stay,'"]),
        ("«We stay», Oro said.", ["«We stay»"]),
        ("« We stay », Oro said.", ["« We stay »"]),
        ("‹We stay›, Oro said.", ["‹We stay›"]),
        ("»We stay«, Oro said.", ["»We stay«"]),
        ("„We stay“, Oro said.", ["„We stay“"]),
        ("‚We stay‘, Oro said.", ["‚We stay‘"]),
        ("``We stay,'' Oro said.", ["``We stay,''"]),
        ("''We stay,'' Oro said.", ["''We stay,''"]),
        ("`We stay,' Oro said.", ["`We stay,'"]),
        ("”We stay,” Oro said.", ["”We stay,”"]),
        ("” … but we stay,” Oro said.", ["” … but we stay,”"]),
        ("Oro said:“We stay.”", ["“We stay.”"]),
        ('Oro said:"We stay."', ['"We stay."']),
        ('"We stay " Oro said.', ['"We stay "']),
        ('Oro left ("so they say").', ['"so they say"']),
        ('"We stay"—"or go"—is all.', ['"We stay"', '"or go"']),
        ("\u202a”We stay,” Oro said.", ["”We stay,”"]),
    ],
)
def test_every_style_of_mark_opens_and_closes(text, expected):
    assert regions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“He said ‘no’ to us,” Maro said.", ["“He said ‘no’ to us,”", "‘no’"]),
        ("\"He said 'no' to us,\" Maro said.", ["\"He said 'no' to us,\"", "'no'"]),
        ("\"He said 'no,'\" Maro said.", ["\"He said 'no,'\"", "'no,'"]),
        ("‘He said “no” to us,’ Maro said.", ["‘He said “no” to us,’", "“no”"]),
        ("'He said \"no\" to us,' Maro said.", ["'He said \"no\" to us,'", '"no"']),
        ("``He said `no' to us,'' Maro said.", ["``He said `no' to us,''", "`no'"]),
        ("``He told us `no,''' Maro said.", ["``He told us `no,'''", "`no,'"]),
    ],
)
def test_nested_marks(text, expected):
    assert regions(text) == expected
    depths = [depth for _, _, depth in tx.quote_regions(text, tx.find_marks(text))]
    assert depths == [0, 1]


@pytest.mark.parametrize(
    "text",
    [
        "Don't ask O'Brien, l’état or the dog’s keeper.",
        "'Tis the '90s, and ’cause of ’em it’s rock 'n' roll and fish ’n’ chips.",
        "She is 5'10\" tall and he 6’2”.",
        "The class of ’08 met the workers’ union and the nurses' guild.",
        "It was a 6\" pipe, goin' nowhere; the E.U.'s own.",
    ],
)
def test_lookalikes_quote_nothing(text):
    marks = tx.find_marks(text)
    assert marks
    assert {mark.role for mark in marks} == {"none"}
    assert {mark.partner for mark in marks} == {None}


def test_possessive_does_not_end_a_single_quote():
    text = "‘The workers’ union won’t talk,’ Oro said."
    assert regions(text) == ["‘The workers’ union won’t talk,’"]
    assert regions("the ‘losers’ club and the ‘best’ of them") == ["‘losers’", "‘best’"]
    assert regions("‘It was theirs, not the others’,’ he said.") == [
        "‘It was theirs, not the others’,’"
    ]


def test_measures_inside_a_quote_do_not_end_it():
    assert regions('"I am 6\'2" tall," she said.') == ['"I am 6\'2" tall,"']
    assert regions('"a 5" pipe," she said.') == ['"a 5" pipe,"']
    assert regions('"It was 1984" was all.') == ['"It was 1984"']


def test_an_apostrophe_before_the_quote_costs_nothing():
    text = "The workers' union said: “We won't go back.”"
    assert roles(text) == [("'", "none"), ("“", "open"), ("'", "none"), ("”", "close")]
    assert regions(text) == ["“We won't go back.”"]


def test_an_odd_mark_costs_its_own_quote_only():
    text = "“We won. “They lost,” Oro said.\n\nMaro left.” “We saw,” she said.\n\n“Good.”"
    assert regions(text) == ["“They lost,”", "“We saw,”", "“Good.”"]
    straight = '"We won, Oro said. "They lost," he said.\n\nNext.\n\n"Good," said Maro.'
    assert regions(straight) == ['"They lost,"', '"Good,"']


@pytest.mark.parametrize(("opening", "closing"), ["“”", '""', "‘’", "''", ("``", "''")])
def test_quote_over_several_paragraphs(opening, closing):
    text = f"{opening}One is so.\n\n{opening}Two as well.\n{opening}Three ends,{closing} he said."
    marks = tx.find_marks(text)
    assert [mark.role for mark in marks] == ["open", "continue", "continue", "close"]
    assert [mark.partner for mark in marks] == [1, 2, 3, 2]
    assert regions(text) == [
        f"{opening}One is so.",
        f"{opening}Two as well.",
        f"{opening}Three ends,{closing}",
    ]


def test_quote_that_runs_on_and_is_never_closed_ends_with_its_paragraph():
    text = "“One is so.\n\n“Two as well.\n\nThen they left."
    assert roles(text) == [("“", "open"), ("“", "continue")]
    assert tx.find_marks(text)[1].partner is None
    assert regions(text) == ["“One is so.", "“Two as well."]


def test_quote_without_reopening_marks_is_closed_in_a_later_paragraph():
    assert regions("“One is so.\n\nTwo as well.”\n\nHe left.") == ["“One is so.\n\nTwo as well.”"]
    assert regions("“One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.”") == []


def test_scare_quotes_of_a_possessive_end_before_the_next_paragraph():
    assert regions("He met the ‘rebels’ group.\n\n‘We go,’ she said.") == ["‘rebels’", "‘We go,’"]


def test_kinds():
    assert [mark.kind for mark in tx.find_marks("“ ‘ « ‹ `` ' \"")] == [
        "double", "single", "angle", "angle", "double", "single", "double",
    ]  # fmt: skip


def test_mark_states_by_word():
    text = "He: “a ‘b’ c” ‘d’ x’s ``e''"
    words = tx.words(text)
    states = tx.mark_states(text, words, tx.find_marks(text))
    shown = [
        (text[start:end], int(state)) for (start, end), state in zip(words, states, strict=True)
    ]
    assert shown == [
        ("He", tx.OUTSIDE), (":", tx.OUTSIDE),
        ("“", tx.OPEN_DOUBLE), ("a", tx.INSIDE_DOUBLE),
        ("‘", tx.OPEN_SINGLE), ("b", tx.INSIDE_NESTED), ("’", tx.CLOSE_SINGLE),
        ("c", tx.INSIDE_DOUBLE), ("”", tx.CLOSE_DOUBLE),
        ("‘", tx.OPEN_SINGLE), ("d", tx.INSIDE_SINGLE), ("’", tx.CLOSE_SINGLE),
        ("x", tx.OUTSIDE), ("’", tx.NO_MARK), ("s", tx.OUTSIDE),
        ("`", tx.OPEN_DOUBLE), ("`", tx.OPEN_DOUBLE), ("e", tx.INSIDE_DOUBLE),
        ("'", tx.CLOSE_DOUBLE), ("'", tx.CLOSE_DOUBLE),
    ]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(alphabet=st.characters(), max_size=80), MARKED))
def test_any_text_gives_consistent_marks(text):
    marks = tx.find_marks(text)
    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)
    assert all(a.end <= b.start for a, b in pairwise(marks))
    for index, mark in enumerate(marks):
        if mark.role == "close":
            assert marks[mark.partner].partner == index
        if mark.partner is not None:
            expected = ("open", "continue") if mark.role == "close" else ("close", "continue")
            assert marks[mark.partner].role in expected
        if mark.role == "none":
            assert mark.partner is None
    found = tx.quote_regions(text, marks)
    assert len(found) == sum(mark.role in ("open", "continue") for mark in marks)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    words = tx.words(text)
    states = tx.mark_states(text, words, marks)
    assert states.dtype == np.int8
    assert states.shape == (len(words),)
    assert all(0 <= state < tx.N_MARK_STATES for state in states)


@pytest.mark.parametrize(
    "text",
    ['"' * 100_000, "“" * 100_000, "'a " * 100_000, "‘a “b " * 50_000, "“a\n" * 100_000,
     "''" * 50_000, "a" * 5_000_000, "s’ " * 100_000],
    ids=["straight", "opening", "single", "mixed", "paragraphs", "doubled", "long", "possessive"],
)  # fmt: skip
def test_time_stays_bounded(text):
    begun = time.process_time()
    words = tx.words(text)
    marks = tx.find_marks(text)
    tx.mark_states(text, words, marks)
    assert time.process_time() - begun < 15
