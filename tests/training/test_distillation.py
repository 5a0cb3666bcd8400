from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from quotestance.evaluation.corpora import TargetedSentence
from quotestance.network.marking import MarkedText
from quotestance.network.runtime import Network
from quotestance.quotes import Span
from quotestance.records import AnnotatedArticle, Article
from quotestance.training.distillation import (
    Teacher,
    ask_of_names,
    ask_of_quotes,
    lone_sentences,
)
from quotestance.training.losses import stance_loss
from quotestance.training.sources import quote_stances, taught_stances
from quotestance.windows import WordPieces
from tests.tiny_model import tiny_encoder, tiny_model
from tests.training.examples import articles, quote

ENCODER = tiny_encoder()


def network(seed: int = 2) -> Network:
    return Network(tiny_model(ENCODER, seed=seed), ENCODER, torch.device("cpu"))


def sentence(text: str, name: str = "x") -> TargetedSentence:
    return TargetedSentence(name, text, Span(0, 1, text[:1]), None, "critical")


def test_lone_sentences_are_asked_about_once() -> None:
    rows = [sentence(f"Sentence {i % 11} stands here. ", str(i)) for i in range(40)]
    found = lone_sentences(rows, seed=1)
    assert sorted(a.text for a in found) == sorted({row.text.strip() for row in rows})
    assert len({a.id for a in found}) == 11


def test_names_of_a_sentence_are_asked_about() -> None:
    text = "Mira Tolan praised Jonas Fenn. It rained. Jonas Fenn slept."
    found = ask_of_names([AnnotatedArticle(text, id="fiction-1")] * 20, seed=3)
    assert {q.text for q in found} == {"Mira Tolan praised Jonas Fenn.", "Jonas Fenn slept."}
    for question in found:
        assert question.text[question.target.start : question.target.end] == question.target.text
        assert question.target.text in ("Mira Tolan", "Jonas Fenn")
        assert question.holder is None or question.holder.text != question.target.text
    assert any(q.holder for q in found) and any(not q.holder for q in found)


def unlabelled(docs: list[AnnotatedArticle]) -> list[AnnotatedArticle]:
    return [
        dataclasses.replace(doc, quotes=tuple(q.replace(stance=None) for q in doc.quotes))
        for doc in docs
    ]


def test_quotes_without_a_stance_are_asked_about() -> None:
    assert ask_of_quotes(articles(), seed=1) == []
    text = "Orla Venn said Jonas Fenn would come. She said it was late."
    said = quote(text, "a", "Jonas Fenn would come", "Orla Venn", "said")
    late = quote(text, "b", "it was late", "She", "said")
    (doc,) = ask_of_quotes([AnnotatedArticle(text, id="fiction-1", quotes=(said, late))], seed=1)
    assert doc.text == text and all(q.stance for q in doc.quotes)
    targets = {q.id: q.target_span for q in doc.quotes}
    assert targets == {"a": Span(15, 25, "Jonas Fenn"), "b": None}


def test_at_most_six_quotes_of_an_article_are_asked_about() -> None:
    text = "".join(f"Orla Venn said it was day {i}. " for i in range(9))
    quotes = tuple(quote(text, f"q{i}", f"it was day {i}", "Orla Venn", "said") for i in range(9))
    (doc,) = ask_of_quotes([AnnotatedArticle(text, id="fiction-1", quotes=quotes)], seed=1)
    assert len({q.id for q in doc.quotes}) == 6


def test_what_a_teacher_said_is_kept(tmp_path: Path) -> None:
    def mark(encoder: WordPieces) -> list[MarkedText]:
        return quote_stances(articles(), encoder)

    first = Teacher(network(2), tmp_path).stances("quotes", mark, ENCODER)
    again = Teacher(network(3), tmp_path).stances("quotes", mark, ENCODER)
    assert [list(text.taught) for text in first] == [list(text.taught) for text in again]


def test_the_student_is_to_give_the_probabilities_of_the_teacher(tmp_path: Path) -> None:
    texts = quote_stances(articles(), ENCODER)
    probabilities = torch.from_numpy(network().stances(texts)).softmax(-1).numpy()
    taught = Teacher(network(), tmp_path).stances(
        "quotes", lambda encoder: quote_stances(articles(), encoder), ENCODER
    )
    assert np.abs(np.stack([t.taught for t in taught]) - probabilities).max() < 0.02
    own = stance_loss(tiny_model(ENCODER, seed=2).eval(), taught, ENCODER)["stance"]
    entropy = -(probabilities * np.log(probabilities)).sum(-1).mean()
    assert own.item() == pytest.approx(entropy, abs=0.02)


def test_stances_are_taught_toward_names_and_in_quotes(tmp_path: Path) -> None:
    names, quotes = taught_stances(
        Teacher(network(), tmp_path),
        unlabelled(articles()),
        [Article("Jonas Fenn slept.", id="fiction-1")],
        ENCODER,
        seed=1,
    )
    assert names and quotes
    for text in [*names, *quotes]:
        assert text.taught is not None and text.taught.sum() == pytest.approx(1, abs=1e-3)
