import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.track import duplicates
from quotestance.track.duplicates import Said, is_duplicate, same_words, words_of
from quotestance.track.ledger import Ledger
from tests.track.making import doc

FULL = (
    "we will not hand over the harbour of Dunmarrow to anyone, and whoever thinks that "
    "thirty years of work can be bought for a song has not met the people who did it"
)


def said(text, speaker="Orla Venn", article=1, span=(0, 9)):
    speakers = (frozenset(words_of(speaker)),) if speaker else ()
    return Said(words_of(text), speakers, article, span)


@pytest.mark.parametrize(
    "other",
    [
        FULL,
        f"“{FULL.capitalize()}.”",
        FULL.replace("whoever thinks", "anyone who thinks"),
        "we will not hand over the harbour of Dunmarrow to anyone",
        "thirty years of work can be bought for a song",
    ],
)
def test_copies_trimmed_and_reworded_are_one_quote(other):
    assert is_duplicate(said(FULL), said(other, article=2))


@pytest.mark.parametrize(
    "other",
    [
        FULL.replace("will not", "will"),
        FULL.replace("thirty", "30"),
        "we will hand over the harbour of Dunmarrow to anyone",
        "hand over the harbour of Dunmarrow to anyone",
        "the harbour of Dunmarrow is open again after a week of storms",
        "we will",
    ],
)
def test_other_words_a_lost_negation_or_number_are_another_quote(other):
    assert not is_duplicate(said(FULL), said(other, article=2))


def test_speakers_must_be_able_to_be_one():
    assert is_duplicate(said(FULL), said(FULL, "Venn", article=2))
    assert is_duplicate(said(FULL), said(FULL, None, article=2))
    assert not is_duplicate(said(FULL), said(FULL, "Tam Ostrick", article=2))
    assert is_duplicate(said("no comment"), said("No comment.", article=2))
    assert not is_duplicate(said("no comment"), said("No comment.", None, article=2))


def test_a_quote_within_a_quote_is_no_copy_of_it():
    assert not is_duplicate(said(FULL, span=(0, 99)), said(FULL, span=(40, 99)))
    assert is_duplicate(said(FULL, span=(0, 99)), said(FULL, span=(100, 199)))


def test_sketches_are_those_of_datasketch():
    from datasketch import MinHash

    codes, sizes = np.arange(10, dtype=np.uint32) * 7919, np.array([3, 1, 6])
    for got, own in zip(duplicates.minima(codes, sizes), np.split(codes, [3, 4]), strict=True):
        known = MinHash(
            num_perm=duplicates.BANDS * duplicates.ROWS, scheme="affine32", hashfunc=int
        )
        known.update_batch(own)
        assert np.array_equal(got, known.hashvalues)


def test_the_bands_of_a_text_do_not_depend_on_its_company(monkeypatch):
    texts = [FULL, "too few", "", FULL.upper(), "the ferry sails again on Monday"]
    together = duplicates.bands(texts)
    monkeypatch.setattr(duplicates, "_AT_ONCE", 1)
    assert duplicates.bands(texts) == together
    assert [duplicates.bands([text])[0] for text in texts] == together


def test_a_cut_of_a_long_quote_shares_a_band_with_it():
    whole, cut = duplicates.bands([FULL, FULL.split(",")[0]])
    assert set(whole) & set(cut)
    assert duplicates.bands(["we will not go"])[0] != duplicates.bands(["we will go now"])[0]


@given(st.text(max_size=200))
def test_bands_are_the_same_for_the_same_words(text):
    one, other = duplicates.bands([text, text.upper().lower()])
    assert one == duplicates.bands(["padding " * 9, text])[1]
    assert len(one) in (0, 1) or len(one) >= duplicates.BANDS
    if words_of(text) == words_of(text.upper().lower()):
        assert one == other


@given(st.text(max_size=60), st.text(max_size=60))
def test_whether_two_are_one_does_not_depend_on_their_order(a, b):
    assert same_words(words_of(a), words_of(b)) == same_words(words_of(b), words_of(a))


@pytest.fixture
def ledger(tmp_path):
    book = Ledger(tmp_path / "quotes.duckdb")
    book.add_many(
        [
            doc("post", FULL, "2031-03-05"),
            doc("herald", FULL.split(",")[0], "2031-03-06", outlet="Vael Herald"),
            doc("later", FULL, "2031-06-05", outlet="Saltmere Mail"),
            doc("other", "the ferry sails again on Monday morning", "2031-03-05"),
        ]
    )
    return book


def test_a_group_counts_once_and_keeps_every_outlet(ledger):
    groups = ledger.quotes(count="groups")
    assert groups["article"].tolist() == ["fiction-post", "fiction-other", "fiction-later"]
    assert groups["appearances"].tolist() == [2, 1, 1]
    assert groups["outlets"][0].tolist() == ["Dunmarrow Post", "Vael Herald"]
    assert len(ledger.quotes()) == 4
    assert ledger.trend(by="year").table["quotes"].tolist() == [3]
    assert ledger.trend(by="year", count="appearances").table["quotes"].tolist() == [4]


def test_variants_show_who_cut_the_sentence(ledger):
    table = ledger.variants("fiction-herald", "q1")
    assert table["outlet"].tolist() == ["Dunmarrow Post", "Vael Herald"]
    assert table["kept"].tolist() == [1.0, pytest.approx(11 / len(words_of(FULL)))]
    with pytest.raises(KeyError):
        ledger.variants("fiction-herald", "q9")


def test_the_order_and_the_batches_of_arrival_do_not_matter(ledger, tmp_path):
    docs = list(ledger)
    one_by_one = Ledger(tmp_path / "other.duckdb")
    for doc_ in docs:
        one_by_one.add(doc_)
    groups = "SELECT article, group_key = min(quote_key) OVER (PARTITION BY group_key) AS first, "
    query = groups + "count(*) OVER (PARTITION BY group_key) AS n FROM appearances ORDER BY article"
    assert one_by_one.sql(query).equals(ledger.sql(query))
    backwards = Ledger(tmp_path / "backwards.duckdb")
    backwards.add_many(docs[::-1])
    assert backwards.sql(query).equals(ledger.sql(query))


def test_replacing_the_link_of_a_group_takes_it_apart(ledger):
    ledger.add(doc("late", FULL, "2031-03-12", outlet="Saltmere Mail"))
    assert len(ledger.variants("fiction-late", "q1")) == 3
    ledger.add(doc("herald", "quite another text about the ferry", "2031-03-06"))
    assert len(ledger.variants("fiction-late", "q1")) == 2
    ledger.add(doc("post", "nothing of the kind was ever said here", "2031-03-05"))
    assert len(ledger.variants("fiction-late", "q1")) == 1
    assert ledger.sql("SELECT count(*) AS n FROM duplicates")["n"][0] == 0


def test_undated_copies_join_their_group(ledger):
    ledger.add(dataclasses.replace(doc("undated", FULL, None)))
    assert len(ledger.variants("fiction-undated", "q1")) >= 3


@pytest.mark.parametrize(("day", "copies"), [("2031-03-12", 2), ("2031-03-13", 1),
                                             ("2031-02-26", 2), ("2031-02-25", 1)])  # fmt: skip
def test_copies_of_a_later_batch_are_at_most_a_week_away(tmp_path, day, copies):
    book = Ledger(tmp_path / "quotes.duckdb")
    book.add(doc("first", date="2031-03-05"))
    book.add(doc("second", date=day))
    assert len(book.variants("fiction-first", "q1")) == copies
