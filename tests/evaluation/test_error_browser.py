"""The error browser: kinds, escaping, and the page in a headless browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from quotestance.evaluation.error_browser import error_page, faults
from quotestance.evaluation.spans import align
from quotestance.quotes import Quote, Span, Speaker, Stance
from quotestance.records import AnnotatedArticle

TEXT = 'Ana Voss said <script>alert("x")</script> was "harmless & good" and Ben agreed it was.'
CHROMIUM = shutil.which("chromium")


def part(words: str) -> tuple[Span, ...]:
    start = TEXT.index(words)
    return (Span(start, start + len(words)),)


def doc(*quotes: Quote) -> AnnotatedArticle:
    return AnnotatedArticle(text=TEXT, id="fiction-<b>1</b>", quotes=quotes)


GOLD = Quote(
    "q1", part('<script>alert("x")</script>'), part("said"), part("Ana Voss"),
    speakers=(Speaker("Ana Voss", "person"),), stance=Stance("critical"), target="<i>it</i>",
)  # fmt: skip
OTHER = Quote("q2", part("it was"), source=part("Ben"), speakers=(Speaker("Ben", "person"),))


def kinds(gold: AnnotatedArticle, predicted: AnnotatedArticle) -> list[tuple[str, ...]]:
    return [fault.kinds for fault in faults(align(gold, predicted))]


def test_every_kind_of_error():
    wrong = GOLD.replace(
        content=part('<script>alert("x")'),
        source=part("Ben"),
        speakers=(Speaker("Ben"),),
        stance=Stance("neutral"),
    )
    assert kinds(doc(GOLD), doc(GOLD)) == []
    assert kinds(doc(GOLD), doc(wrong)) == [("boundary", "source", "speaker", "stance")]
    assert kinds(doc(GOLD), doc()) == [("missed",)]
    assert kinds(doc(), doc(GOLD)) == [("spurious",)]
    assert kinds(doc(GOLD), doc(OTHER)) == [("missed",), ("spurious",)]


def page() -> str:
    mistaken = GOLD.replace(speakers=(Speaker("<script>bad()</script>"),))
    return error_page([doc(GOLD)], [doc(mistaken, OTHER)])


def test_the_page_is_escaped_self_contained_and_counts():
    html = page()
    assert html.count("<script>") == 1
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in html
    assert "&lt;script&gt;bad()&lt;/script&gt;" in html
    assert "fiction-&lt;b&gt;1&lt;/b&gt;" in html
    assert not re.search(r"(src|href)\s*=|url\(|@import", html)
    assert '<b data-count="speaker">1</b>' in html
    assert '<b data-count="spurious">1</b>' in html
    assert '<b data-count="missed">0</b>' in html
    assert "1 articles, 1 gold and 2 predicted quotes, 1 matched." in html


def test_gold_and_predicted_marks_lie_one_over_the_other():
    html = page()
    assert 'class="gold-content predicted-content"' in html
    assert 'title="gold content, predicted content"' in html


def test_the_cell_that_is_wrong_is_marked():
    wrong = GOLD.replace(speakers=(Speaker("Ben", "person"),))
    html = error_page([doc(GOLD)], [doc(wrong)])
    assert re.findall("<td class=off>(.*?)</td>", html) == ["Ben"]


def test_no_errors_says_so():
    assert "<p>No errors.</p>" in error_page([doc(GOLD)], [doc(GOLD)])


def dump(file: Path) -> str:
    """The page as the browser has it after its script ran."""
    assert CHROMIUM
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", file.as_uri()]
    command += ["--enable-logging=stderr", f"--user-data-dir={file.parent / 'profile'}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "CONSOLE" not in done.stderr, done.stderr
    return done.stdout


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium")
def test_in_a_browser_the_filter_works_and_scripts_of_articles_stay_text(tmp_path):
    file = tmp_path / "errors.html"
    file.write_text(page(), encoding="utf-8")
    assert '<b id="shown">2</b>' in dump(file)
    # The page as it is after a reader unticks "Spurious".
    click = "document.querySelector('[value=spurious]').click();</script></body>"
    file.write_text(page().replace("</script></body>", click), encoding="utf-8")
    seen = dump(file)
    assert '<b id="shown">1</b>' in seen
    assert re.search(r'class="error" data-kinds="spurious" hidden=""', seen)
    assert "&lt;script&gt;alert(" in seen
