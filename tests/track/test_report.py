import dataclasses

import pytest

from quotestance.track import queries
from quotestance.track.html import excerpt, report
from quotestance.track.ledger import Ledger
from tests.track import chromium
from tests.track.making import doc
from tests.track.test_trends import said

NASTY = '<script>window.bad = 1</script> & "harbour" <img src=x onerror="window.bad = 2">'


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    book = Ledger(tmp_path_factory.mktemp("report") / "quotes.duckdb")
    docs = [
        doc(
            n, said(n), f"2031-{1 + n // 8:02d}-{1 + n % 8:02d}", outlet=("Post", "Herald")[n % 2],
            stance="supportive" if n < 12 else "critical",
        )
        for n in range(24)
    ]  # fmt: skip
    nasty = doc("nasty", NASTY, "2031-03-28", stance="critical", outlet="<b>Post</b>")
    docs.append(dataclasses.replace(nasty, title="</title><script>window.bad = 3</script>"))
    book.add_many(docs)
    return book


@pytest.fixture(scope="module")
def pair(ledger, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(report(ledger, speaker="Orla Venn", target="Kestria"), encoding="utf-8")
    return path


def test_the_page_of_a_pair_has_its_parts(pair):
    page = pair.read_text(encoding="utf-8")
    assert "<title>Orla Venn on Kestria</title>" in page
    assert "<dt>Quotes</dt><dd>25<small>in 25 dated articles" in page
    assert "<dt>Turn</dt><dd>+0.75 → −0.75" in page
    assert "Orla Venn on Kestria: +0.75 to −0.75 on 2031-02-05" in page
    assert page.count('class="quote"') == 25
    assert "read by the model tiny 1.0" in page
    assert "not propagated for 25 of the quotes: they were measured on another model" in page
    assert "<script>window.bad" not in page and "<b>Post</b>" not in page


def test_what_is_gathered_answers_as_the_ledger_does(tmp_path):
    book = Ledger(tmp_path / "quotes.duckdb")
    others = [("Orla Venn", "Kestria"), ("Orla Venn", "Sablemoor"), ("Tam Ostrick", "Kestria"),
              ("Tam Ostrick", "Sablemoor"), (None, "Kestria")]  # fmt: skip
    book.add_many(
        doc(n, said(n), speaker=speaker, target=target)
        for n, (speaker, target) in enumerate(others)
    )
    pair = queries.Filter(speaker="orla venn", target="Kestria")
    asked = [pair, *(queries.narrowed(pair, **{side: None}) for side in ("speaker", "target"))]
    with book.store.reading() as con:

        def answers():
            return [queries.quotes(con, one, "groups", None)["article"].tolist() for one in asked]

        whole = answers()
        with queries.gathered(con, pair):
            held = con.execute("SELECT count(*) FROM appearances").fetchone()
            assert answers() == whole
        assert held == (4,)
        assert con.execute("SELECT count(*) FROM appearances").fetchone() == (5,)
    assert [len(one) for one in whole] == [1, 3, 2]


def test_the_overview_has_the_matrix(ledger):
    page = report(ledger, by="quarter")
    assert "<title>Overview of the ledger</title>" in page
    assert "Who speaks how of whom" in page


def test_a_ledger_without_a_dated_quote_gives_a_page(tmp_path):
    book = Ledger(tmp_path / "quotes.duckdb")
    assert "No dated quote" in report(book)
    book.add(doc("1", date=None))
    page = report(book)
    assert "Left out because their articles have no date: 1 of the quotes" in page
    assert "1 of the articles have no date" in page


def test_the_sentence_around_a_content():
    text = "It rained. Orla Venn said the ferry, she hoped, was safe. Nobody asked."
    first, last = text.index("the ferry"), text.index("was safe")
    pieces = excerpt(text, [[first, first + 9], [last, last + 8]])
    assert [words for marked, words in pieces if marked] == ["the ferry", "was safe"]
    assert "".join(words for _, words in pieces).strip().startswith("Orla Venn said")
    assert "Nobody" not in "".join(words for _, words in pieces)
    assert excerpt(text, []) == []


@pytest.mark.skipif(chromium.PATH is None, reason="Chromium is not installed")
def test_in_a_browser_the_page_loads_filters_and_runs_nothing_from_an_article(pair):
    with chromium.Page(pair.as_uri()) as page:
        shown = "document.getElementById('shown').textContent"
        visible = "[...document.querySelectorAll('.quote')].filter(q => !q.hidden).length"
        assert page.run(shown) == "25 of 25 quotes"
        page.click(".wide .point[data-period='2031-02-01']")
        assert page.run(visible) == 8
        assert page.run(shown) == "8 of 25 quotes, Feb 2031"
        assert "Feb 2031: score" in page.run("document.getElementById('tip').textContent")
        page.run(
            "(() => {const s = document.getElementById('stance'); s.value = 'critical';"
            "s.dispatchEvent(new Event('input'))})()"
        )
        assert page.run(visible) == 4
        page.click("#clear")
        assert page.run(visible) == 25
        assert page.run("window.bad") is None
        assert page.run("document.querySelectorAll('script').length") == 1
        marks = "[...document.querySelectorAll('.quote mark')].map(m => m.textContent)"
        assert NASTY in page.run(marks)
        assert page.requests() == [pair.as_uri()]
        assert page.errors == []


@pytest.mark.skipif(chromium.PATH is None, reason="Chromium is not installed")
def test_on_a_phone_nothing_sticks_out(pair):
    with chromium.Page(pair.as_uri(), width=390, height=844, mobile=True) as page:
        assert page.run("document.documentElement.scrollWidth") == 390
        assert page.run("getComputedStyle(document.querySelector('svg.wide')).display") == "none"
        assert page.errors == []


@pytest.mark.skipif(chromium.PATH is None, reason="Chromium is not installed")
def test_in_an_overview_a_cell_lists_its_quotes_and_long_lists_come_by_fifty(tmp_path):
    book = Ledger(tmp_path / "quotes.duckdb")
    speakers = ("Orla Venn", "Tam Ostrick")
    book.add_many(
        doc(n, said(n), f"2031-01-{1 + n % 28:02d}", speaker=speakers[n % 10 == 0],
            outlet="Dunmarrow  Post")
        for n in range(120)
    )  # fmt: skip
    path = tmp_path / "overview.html"
    path.write_text(report(book), encoding="utf-8")
    with chromium.Page(path.as_uri()) as page:
        visible = "[...document.querySelectorAll('.quote')].filter(q => !q.hidden).length"
        assert page.run(visible) == 50
        page.click("#more")
        assert page.run(visible) == 100
        page.click(".only[data-speaker='Tam Ostrick']")
        assert page.run(visible) == 12
        assert page.run("document.getElementById('speaker').value") == "Tam Ostrick"
        page.run(
            "(() => {const w = document.getElementById('words'); w.value = 'nothing of the kind';"
            "w.dispatchEvent(new Event('input'))})()"
        )
        assert page.run(visible) == 0
        assert page.run("document.getElementById('none').hidden") is False
        assert page.errors == []


def test_what_the_quotes_are_restricted_to_stands_above_the_title(ledger):
    page = report(ledger, speaker="Orla Venn", outlet="Post", since="2031-01-02")
    assert "Stance of quotes in the news · outlet Post; since 2031-01-02</p>" in page
    assert "mode speech" not in page
    assert "mode thought" in report(ledger, mode="thought")


def test_the_same_quotes_have_the_same_interval_wherever_they_stand(ledger):
    trend = ledger.trend(speaker="Orla Venn")
    (row,) = ledger.compare("speaker", speaker="Orla Venn").to_dict("records")
    assert (row["low"], row["high"]) == (trend.overall.low[0], trend.overall.high[0])
