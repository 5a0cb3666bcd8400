from __future__ import annotations

import pytest
import torch

from quotestance.network.marking import mark_text
from quotestance.network.model import QuotestanceModel
from quotestance.training.coreference_examples import speaker_texts
from quotestance.training.losses import antecedent_loss, quote_loss, stance_loss
from quotestance.training.pair_examples import AntecedentText
from quotestance.training.quote_examples import label_text, make_windows
from quotestance.training.sources import quote_stances
from quotestance.windows import word_features
from tests.tiny_model import ARTICLE, tiny_encoder, tiny_model
from tests.training.examples import articles

ENCODER = tiny_encoder()


@pytest.fixture
def model() -> QuotestanceModel:
    return tiny_model(ENCODER).train()


def windows():
    return [w for doc in articles() for w in make_windows(label_text(doc, ENCODER), 400)]


def questions() -> AntecedentText:
    encoded = ENCODER.encode(ARTICLE)
    return AntecedentText(
        encoded.pieces,
        word_features(encoded, 0, len(encoded)),
        encoded.first[:-1],
        [
            ((20, 20), [(0, 1), (5, 6)], [False, True, False]),
            ((30, 31), [(0, 1)], [False, True]),
        ],
    )


def trained(model: QuotestanceModel, loss: torch.Tensor) -> set[str]:
    """Parameters that a loss reaches."""
    model.zero_grad()
    loss.backward()
    gradients = {n: p.grad for n, p in model.named_parameters() if p.grad is not None}
    assert all(torch.isfinite(gradient).all() for gradient in gradients.values())
    return {name for name, gradient in gradients.items() if gradient.abs().sum() > 0}


def test_losses_of_quotes(model: QuotestanceModel) -> None:
    parts = quote_loss(model, windows(), ENCODER)
    assert set(parts) == {"tags", "inner_tags", "links", "labels", "target"}
    assert all(torch.isfinite(part) and part > 0 for part in parts.values())


def test_every_parameter_is_reached_by_some_loss(model: QuotestanceModel) -> None:
    quotes = torch.stack(list(quote_loss(model, windows(), ENCODER).values())).sum()
    reached = trained(model, quotes)
    encoded = ENCODER.encode(ARTICLE)
    written = mark_text(encoded, 0, 12, target=[(0, 1)], label=1)
    stance = [*quote_stances(articles(), ENCODER), written]
    reached |= trained(model, stance_loss(model, stance, ENCODER)["stance"])
    reached |= trained(model, antecedent_loss(model, [questions()], ENCODER)["antecedents"])
    left = {name for name, _ in model.named_parameters()} - reached
    # Embeddings of token types and the biases of attention keys move no softmax.
    assert {name for name in left if not name.endswith("key.bias")} == set()


def test_an_article_without_quotes_trains_the_tagger(model: QuotestanceModel) -> None:
    import dataclasses

    doc = dataclasses.replace(articles()[0], quotes=())
    parts = quote_loss(model, make_windows(label_text(doc, ENCODER), 400), ENCODER)
    assert set(parts) == {"tags", "inner_tags"}
    assert all(torch.isfinite(part) for part in parts.values())


def test_what_is_unlabelled_costs_nothing(model: QuotestanceModel) -> None:
    from quotestance.records import AnnotatedArticle

    text = articles()[0].text
    doc = AnnotatedArticle.from_dict(
        {"text": text, "id": "partial-fiction", "quotes": [{"id": "a", "content": [[15, 41]]}]}
    )
    parts = quote_loss(model, make_windows(label_text(doc, ENCODER), 400), ENCODER)
    assert "links" not in parts
    assert all(torch.isfinite(part) for part in parts.values())


def test_the_right_answer_costs_less(model: QuotestanceModel) -> None:
    model.eval()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    examples = windows()
    first = None
    for _ in range(6):
        loss = torch.stack(list(quote_loss(model, examples, ENCODER).values())).sum()
        first = float(loss.detach()) if first is None else first
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert first is not None
    assert float(loss.detach()) < 0.8 * first


def test_questions_from_labelled_speakers() -> None:
    import dataclasses

    from quotestance.quotes import Speaker

    first = articles()[0]
    quotes = tuple(
        dataclasses.replace(q, speakers=(Speaker("Orla Venn", "person"),)) for q in first.quotes
    )
    (text,) = speaker_texts([dataclasses.replace(first, quotes=quotes)], ENCODER)
    ((anaphor, candidates, right),) = text.questions
    assert anaphor == (16, 16)
    assert candidates == [(0, 1)]
    assert right == [True, False]
