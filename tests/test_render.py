"""HTML and terminal views: what they show, and that nothing of an article escapes them."""

import html.parser
import io
import re

import pytest
from hypothesis import given
from rich.console import Console

from quotestance.quotes import Confidence, Quote, Span, Speaker, Stance
from quotestance.records import AnnotatedArticle
from quotestance.render import fragment, page, page_parts, printable
from tests.test_records import records

TEXT = "Ilsa Torvane said “the <b>mayor</b> told us ‘no more’ & left”."


class Reader(html.parser.HTMLParser):
    """Collects tags, anchors and links, and checks that every element is closed in order."""

    VOID = ("meta", "br")

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.ids, self.links, self.text = [], [], [], [], ""
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.links += [attrs["href"]] if "href" in attrs else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def marks(self):
        return [attrs for tag, attrs in self.tags if tag == "mark"]


def nested_article(**changes):
    inner = TEXT.index("‘no more’")
    outer = TEXT.index("“")
    quotes = (
        Quote(
            "q1",
            content=(Span(outer, len(TEXT) - 1),),
            cue=(Span(13, 17),),
            source=(Span(0, 12),),
            speakers=(Speaker("Ilsa Torvane", "person"),),
            via=("The Norrick Courier",),
            stance=Stance("critical", {"supportive": 0.1, "neutral": 0.1, "critical": 0.8}),
            target="the mayor",
            confidence=Confidence(0.91, 0.5, 0.8),
        ),
        Quote(
            "q2",
            content=(Span(inner, inner + 9),),
            source=(Span(TEXT.index("<b>"), TEXT.index(" told")),),
            cue=(Span(TEXT.index("told"), TEXT.index("told") + 4),),
            stance=Stance("supportive"),
            polarity="denied",
            inside="q1",
        ),
    )
    return AnnotatedArticle(**{"text": TEXT, "id": "fiction-1", "quotes": quotes, **changes})


def test_the_page_is_whole_and_loads_nothing():
    source = page([nested_article(), nested_article(id="fiction-2")])
    reader = Reader(source)
    assert source.startswith("<!DOCTYPE html>")
    assert not [tag for tag, _ in reader.tags if tag in ("script", "link", "img", "iframe")]
    assert not re.search(r"url\(|@import|https?://", source)
    assert len(reader.ids) == len(set(reader.ids))
    assert {link.removeprefix("#") for link in reader.links} <= set(reader.ids)


def test_nested_quotes_are_cut_into_flat_marks_with_the_inner_stance():
    reader = Reader(fragment(nested_article()))
    titles = [mark["title"] for mark in reader.marks()]
    assert titles == [
        "source of q1",
        "cue of q1",
        "content of q1",
        "content of q1; source of q2",
        "content of q1",
        "content of q1; cue of q2",
        "content of q1",
        "content of q1; content of q2",
        "content of q1",
    ]
    classes = [mark["class"].split() for mark in reader.marks()]
    assert classes[2] == ["qs-content", "qs-critical"]
    assert classes[7] == ["qs-content", "qs-supportive", "qs-nested"]


def test_stance_shows_by_sign_and_for_screen_readers():
    reader = Reader(fragment(nested_article()))
    labels = [attrs["aria-label"] for tag, attrs in reader.tags if "aria-label" in attrs]
    assert "Quote q1, critical toward the mayor" in labels
    assert "source of quote q1" in labels
    assert "q1 −" in reader.text
    assert "q2 + denied" in reader.text
    assert "Quote q2, supportive, denied" in labels
    assert "− critical (−0.70)" in reader.text
    assert "‘no more’ [denied]" in reader.text
    assert "Ilsa Torvane via The Norrick Courier" in reader.text
    assert "quote 0.91, speaker 0.50, stance 0.80" in reader.text


def test_a_column_of_confidence_stands_there_only_where_some_is_known():
    by_hand = AnnotatedArticle(TEXT, "fiction-1", quotes=(Quote("q1", (Span(0, 4),)),))
    assert "Confidence" not in Reader(fragment(by_hand)).text
    assert "Confidence" in Reader(fragment(nested_article())).text


def test_an_article_cannot_inject_html():
    nasty = '"><script>alert(1)</script>'
    quote = Quote(nasty, (Span(0, 5),), speakers=(Speaker(nasty),), via=(nasty,), target=nasty)
    doc = AnnotatedArticle(
        text=nasty, id=nasty, title=nasty, outlet=nasty, quotes=(quote,), warnings=(nasty,)
    )
    for source in (page([doc]), fragment(doc)):
        assert "script" not in {tag for tag, _ in Reader(source).tags}
        assert nasty not in source


def test_what_html_cannot_hold_is_replaced():
    source = page([AnnotatedArticle(text="a\0b\ud800c🚢")])
    assert "a\ufffdb\ufffdc🚢" in source
    source.encode("utf-8")


def test_an_article_without_quotes_and_its_warnings():
    doc = AnnotatedArticle(text="", warnings=("the text looks like HTML",))
    reader = Reader(page([doc]))
    assert "0 quotes" in reader.text
    assert "Warning: the text looks like HTML" in reader.text


def test_pages_are_made_an_article_at_a_time():
    made = []

    def docs():
        for n in range(3):
            made.append(n)
            yield nested_article(id=str(n))

    parts = page_parts(docs())
    next(parts)
    next(parts)
    assert made == [0]


def test_notebook_fragments_of_two_articles_have_other_anchors():
    first, second = (Reader(nested_article(id=id)._repr_html_()).ids for id in ("a", "b"))
    assert first
    assert not set(first) & set(second)


@given(records())
def test_any_record_renders(doc):
    reader = Reader(page([doc]))
    assert len(reader.ids) == len(set(reader.ids))
    assert terminal(doc)


def terminal(doc, width=140):
    file = io.StringIO()
    Console(file=file, width=width).print(doc)
    return file.getvalue()


def test_the_terminal_table():
    shown = terminal(nested_article(warnings=("odd",)))
    assert "fiction-1" in shown
    assert "− critical" in shown
    assert "+ supportive" in shown
    assert "Ilsa Torvane via The" in shown
    assert "0.91" in shown
    assert "2 quotes" in shown
    assert "warning: odd" in shown


def test_the_terminal_gets_no_control_characters_and_no_markup():
    text = "[red]\x1b[31mnow\u202e\r\n"
    doc = AnnotatedArticle(text=text, id=text, quotes=(Quote("q1", (Span(0, len(text)),)),))
    shown = terminal(doc)
    assert "[red]\\x1b[31mnow\\u202e" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [("a\n\tb", "a\n\tb"), ("\x07", "\\x07"), ("\ud800", "\\ud800"), ("é 🚢\xa0", "é 🚢\xa0")],
)
def test_printable(given, shown):
    assert printable(given) == shown
