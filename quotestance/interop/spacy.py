"""A spaCy component: ``nlp.add_pipe("quotestance")``, then ``doc._.quotes``.

Needs the extra ``[spacy]``. With the package installed spaCy finds the component by its entry
point; otherwise import this module first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Protocol

from quotestance.errors import MissingExtraError
from quotestance.records import AnnotatedArticle, Article, Quote

try:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.tokens import Span as SpacySpan
except ImportError:
    raise MissingExtraError("the spaCy component", "spacy", "spacy") from None

__all__ = ["QuoteComponent", "article_of"]

_KEY = "quotestance"


class _Pipeline(Protocol):
    def __call__(self, article: Article, /) -> AnnotatedArticle: ...

    def pipe(self, articles: Iterable[Any], batch_size: int = ...) -> Iterator[Any]: ...


class QuoteComponent:
    """Adds the quotes of each doc.

    ``doc._.quotes`` is a tuple of ``quotestance.Quote`` and ``doc._.quotestance`` the whole
    record; ``doc.spans["quotes"]`` holds the pieces of the contents as spaCy spans, widened to
    whole tokens, each with the id of its quote. What is stored in the doc is JSON, so that
    ``to_bytes`` and ``DocBin(store_user_data=True)`` keep it.

    Args:
        pipeline: What finds the quotes, as ``quotestance.load()`` gives it.
        name: Name of the component in the pipeline.
    """

    def __init__(self, pipeline: _Pipeline, name: str = _KEY) -> None:
        self.pipeline = pipeline
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """The doc with its quotes."""
        return _store(doc, self.pipeline(Article(doc.text)))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 32) -> Iterator[Doc]:
        """The docs with their quotes, read in batches."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            articles = [Article(doc.text, id=str(i)) for i, doc in enumerate(batch)]
            found = self.pipeline.pipe(articles, batch_size=batch_size)
            for doc, record in zip(batch, found, strict=True):
                yield _store(doc, record)


def _store(doc: Doc, record: AnnotatedArticle) -> Doc:
    data = record.to_dict()
    del data["text"]
    doc.user_data[_KEY] = json.dumps(data)
    pieces = [
        _piece(doc, span.start, span.end, quote.id)
        for quote in record.quotes
        for span in quote.content
        if len(span)
    ]
    doc.spans["quotes"] = [piece for piece in pieces if piece is not None]
    return doc


def _piece(doc: Doc, start: int, end: int, quote_id: str) -> SpacySpan | None:
    piece: SpacySpan | None = doc.char_span(
        start, end, label="QUOTE", span_id=quote_id, alignment_mode="expand"
    )
    return piece


def article_of(doc: Doc) -> AnnotatedArticle | None:
    """The record of a doc that went through the component; None for any other."""
    stored = doc.user_data.get(_KEY)
    if stored is None:
        return None
    return AnnotatedArticle.from_dict({**json.loads(stored), "text": doc.text})


def _quotes(doc: Doc) -> tuple[Quote, ...]:
    record = article_of(doc)
    return record.quotes if record else ()


Doc.set_extension("quotes", getter=_quotes, force=True)
Doc.set_extension(_KEY, getter=article_of, force=True)


def make_component(nlp: Language, name: str, model: str | None, device: str) -> QuoteComponent:
    """Make the component for ``nlp.add_pipe("quotestance", config={"model": PATH})``.

    Args:
        nlp: The spaCy pipeline.
        name: Name of the component in it.
        model: Checkpoint folder; the shipped model where None.
        device: ``auto``, ``cpu`` or ``cuda``.
    """
    from quotestance.pipeline import load

    return QuoteComponent(load(model, device=device), name)


# Called, not used as a decorator: without spaCy installed mypy would take the function for untyped.
Language.factory(_KEY, default_config={"model": None, "device": "auto"}, func=make_component)
