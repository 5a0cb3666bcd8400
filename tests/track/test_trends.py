import numpy as np
import pytest

from quotestance.errors import InputError
from quotestance.track import changes
from quotestance.track.changes import Series, holm, turn
from quotestance.track.ledger import Ledger
from tests.track.making import doc
from tests.track.test_estimate import known

WORDS = ("harbour", "ferry", "bridge", "market", "school", "river", "forest", "mill")


def said(n):
    return " ".join(WORDS[int(digit)] for digit in f"{n * 7919 % 4096:05o}") + f" number {n}"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    book = Ledger(tmp_path_factory.mktemp("trend") / "quotes.duckdb")
    docs = []
    for n in range(24):
        tone = "supportive" if n < 12 else "critical"
        outlet = ("Dunmarrow Post", "Vael Herald")[n % 2]
        date = f"2031-{1 + n // 4:02d}-{1 + 5 * (n % 4):02d}"
        docs.append(doc(f"venn-{n}", said(n), date, stance=tone, outlet=outlet))
        docs.append(
            doc(f"ostrick-{n}", said(100 + n), date, speaker="Tam Ostrick",
                stance="neutral", outlet=outlet)
        )  # fmt: skip
    docs.append(doc("undated", said(200), None))
    docs.append(doc("newer", said(201), "2031-06-30", model={"name": "tiny", "version": "2.0"}))
    book.add_many(docs)
    return book


def test_a_trend_by_quarter(ledger):
    trend = ledger.trend(speaker="Orla Venn", target="Kestria", by="quarter", until="2031-06-29")
    assert trend.table["quotes"].tolist() == [12, 12]
    assert trend.table["score"].tolist() == pytest.approx([0.75, -0.75])
    assert (trend.table["score_low"][0] > 0) and (trend.table["score_high"][1] < 0)
    assert any("not propagated for 24 of the quotes" in note for note in trend.notes)
    assert trend.undated == 0


def test_the_notes_say_what_was_left_out_and_who_read(ledger):
    trend = ledger.trend(speaker="Orla Venn", by="month", errors=known())
    notes = "\n".join(trend.notes)
    assert trend.undated == 1 and "no date: 1 of the quotes" in notes
    assert "read by several models" in notes and "tiny 2.0 (1 quotes)" in notes
    assert "not propagated for 1 of the quotes: they were measured on another model" in notes
    assert "6 of 6 periods have fewer than 8 articles" in notes
    assert trend.table["score_low"].isna().all()
    assert "2031-01-01" in str(trend) and "note:" in str(trend)


def test_propagated_errors_move_and_widen(ledger):
    plain = ledger.trend(speaker="Orla Venn", by="year", until="2031-03-31")
    told = ledger.trend(speaker="Orla Venn", by="year", until="2031-03-31", errors=known())
    assert told.table["score"][0] > plain.table["score"][0]
    assert not any("propagated" in note for note in told.notes)


def test_unknown_names_get_the_nearest(ledger):
    with pytest.raises(InputError, match="no quote with the speaker 'Orla Ven'") as caught:
        ledger.trend(speaker="Orla Ven")
    assert "did you mean 'Orla Venn'" in caught.value.hint
    with pytest.raises(InputError, match="expected one of week, month, quarter, year"):
        ledger.trend(by="decade")
    with pytest.raises(InputError, match="expected one of groups, appearances"):
        ledger.trend(count="words")


def test_an_empty_trend_is_no_error(ledger):
    trend = ledger.trend(speaker="Orla Venn", since="2040-01-01")
    assert len(trend.table) == 0 and trend.overall.quotes == 0


def test_the_turn_is_found_with_the_quotes_around_it(ledger):
    found = ledger.changes()
    assert [(c.speaker, c.target) for c in found] == [
        ("Orla Venn", "Kestria"),
        ("Tam Ostrick", "Kestria"),
    ]
    venn, ostrick = found
    assert str(venn.date) == "2031-04-01" and venn.pairs == 2
    assert venn.p_corrected < 0.01 < 0.5 < ostrick.p_corrected
    assert (venn.articles_before, venn.before) == (12, pytest.approx(0.75))
    assert venn.quotes_before["article"].tolist()[-1] == "fiction-venn-11"
    assert venn.quotes_after["article"].tolist()[0] == "fiction-venn-12"
    assert "Orla Venn on Kestria: +0.75 to" in str(venn)
    (single,) = ledger.changes(speaker="Orla Venn", target="Kestria")
    assert single.pairs == 1


def test_speakers_and_outlets_side_by_side(ledger):
    table = ledger.compare("speaker", until="2031-03-31").set_index("speaker")
    assert table.loc["Orla Venn", "difference"] == pytest.approx(0.75)
    assert table.loc["Orla Venn", "p_corrected"] < 0.01
    outlets = ledger.compare("outlet", speaker="Orla Venn", until="2031-06-29")
    assert outlets["quotes"].tolist() == [12, 12]
    assert (outlets["p_corrected"] > 0.5).all()
    with pytest.raises(InputError, match="expected one of speaker, outlet, target"):
        ledger.compare("weather")


def test_the_matrix_says_who_speaks_how_of_whom(ledger):
    table = ledger.matrix(until="2031-03-31").set_index(["speaker", "target"])
    assert table.loc[("Orla Venn", "Kestria"), "score"] == pytest.approx(0.75)
    assert table.loc[("Tam Ostrick", "Kestria"), "articles"] == 12


def test_the_figure_shows_sparse_periods_hollow(ledger, tmp_path):
    figure = ledger.trend(speaker="Orla Venn", by="quarter").plot()
    figure.savefig(tmp_path / "trend.png")
    assert (tmp_path / "trend.png").stat().st_size > 5000
    assert "Orla Venn" in figure.axes[0].get_title()


def series(scores, days=None):
    scores = np.array(scores, float)
    days = np.arange(len(scores)) if days is None else np.array(days)
    return Series(days, np.ones(len(scores)), scores)


def test_a_clear_turn_has_the_smallest_p_and_an_even_course_none():
    rng = np.random.default_rng(1)
    assert turn(series([1] * 15 + [-1] * 15), rng, 999) == (15, pytest.approx(0.001))
    assert turn(series([0.5] * 30), rng, 999)[1] == 1.0
    assert turn(series([1] * 9), rng) is None


def test_articles_of_one_day_are_not_told_apart():
    rng = np.random.default_rng(1)
    place, _ = turn(series([1] * 8 + [-1] * 8, [0] * 6 + [1] * 4 + [2] * 6), rng, 99)
    assert place in (6, 10)
    assert turn(series([1] * 8 + [-1] * 8, [0] * 16), rng) is None


def test_false_alarms_stay_near_their_level():
    rng = np.random.default_rng(2)
    alarms = sum(turn(series(rng.choice([-1, 0, 1], 20)), rng, 199)[1] <= 0.05 for _ in range(200))
    assert alarms <= 18  # 10 are due; 18 or more come by chance once in a hundred times


def test_holm():
    assert holm(np.array([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])
    assert changes.MIN_ARTICLES == 10
