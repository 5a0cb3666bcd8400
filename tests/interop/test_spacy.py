"""The spaCy component, with a pipeline that quotes by rule."""

from __future__ import annotations

import warnings

import pytest

from quotestance.records import AnnotatedArticle, Quote, Span

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # spaCy and what it imports warn on recent Pythons
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed: pip install spacy")
    from quotestance.interop.spacy import QuoteComponent, article_of

pytestmark = pytest.mark.filterwarnings("ignore")

TEXT = "👩\u200d🚒 “We will sail,” she said.\r\n\r\nThe pier\tis shut."


class Marks:
    """Quotes what stands between curly marks."""

    def __init__(self):
        self.calls = []

    def __call__(self, article):
        start, end = article.text.find("“"), article.text.find("”") + 1
        quotes = (Quote("q1", (Span(start, end),)),) if start >= 0 else ()
        return AnnotatedArticle(article.text, quotes=quotes, model={"name": "m", "version": "1"})

    def pipe(self, articles, batch_size=32):
        articles = list(articles)
        self.calls.append((len(articles), batch_size, len({a.id for a in articles})))
        return (self(article) for article in articles)


@pytest.fixture
def marks(monkeypatch):
    marks = Marks()
    monkeypatch.setattr("quotestance.pipeline.load", lambda model=None, device="auto": marks)
    return marks


def test_a_doc_gets_its_quotes(marks):
    nlp = spacy.blank("en")
    nlp.add_pipe("quotestance")
    doc = nlp(TEXT)
    (quote,) = doc._.quotes
    assert quote.text == "“We will sail,”"
    assert doc.text == TEXT
    assert doc._.quotestance.model == {"name": "m", "version": "1"}
    (piece,) = doc.spans["quotes"]
    assert (piece.text, piece.label_, piece.id_) == ("“We will sail,”", "QUOTE", "q1")
    assert nlp("The pier is shut.")._.quotes == ()


def test_docs_are_read_in_batches(marks):
    nlp = spacy.blank("en")
    nlp.add_pipe("quotestance", config={"model": "somewhere", "device": "cpu"})
    docs = list(nlp.pipe([TEXT] * 5 + ["No marks."], batch_size=4))
    assert [len(doc._.quotes) for doc in docs] == [1, 1, 1, 1, 1, 0]
    assert marks.calls == [(4, 4, 4), (2, 4, 2)]


def test_quotes_survive_bytes(marks):
    nlp = spacy.blank("en")
    nlp.add_pipe("quotestance")
    doc = nlp(TEXT)
    back = spacy.tokens.Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert back._.quotes == doc._.quotes
    store = spacy.tokens.DocBin(store_user_data=True, docs=[doc])
    (again,) = store.get_docs(nlp.vocab)
    assert again._.quotes == doc._.quotes


def test_a_doc_that_did_not_go_through_has_none():
    doc = spacy.blank("en")(TEXT)
    assert doc._.quotes == ()
    assert article_of(doc) is None


def test_a_component_of_ones_own_pipeline():
    component = QuoteComponent(Marks(), "mine")
    assert component.name == "mine"
    assert len(component(spacy.blank("en")(TEXT))._.quotes) == 1
