from __future__ import annotations

import dataclasses

import pytest
import torch
from tokenizers import Tokenizer, models

from quotestance.errors import ModelError
from quotestance.training.distillation import Teacher
from quotestance.training.losses import quote_loss, stance_loss
from quotestance.training.quote_examples import label_text, make_windows
from quotestance.training.sources import quote_stances
from quotestance.windows import WordPieces
from tests.tiny_model import tiny_encoder, tiny_model
from tests.training.examples import articles

ENCODER = tiny_encoder()


def reordered() -> WordPieces:
    """The vocabulary of ``ENCODER`` under other numbers, with one more piece, as MPNet has it."""
    known = ENCODER.vocabulary()
    ids = {"<mask>": len(known)} | {piece: len(known) - 1 - i for piece, i in known.items()}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    return WordPieces(tokenizer)


def windows():
    return [w for doc in articles() for w in make_windows(label_text(doc, ENCODER), 400)]


def test_a_network_that_is_its_own_teacher_has_nothing_to_learn() -> None:
    student, teacher = tiny_model(ENCODER).eval(), tiny_model(ENCODER)
    taught = Teacher(teacher, ENCODER, ENCODER)
    assert quote_loss(student, windows(), ENCODER, taught)["taught"].item() < 1e-5
    texts = quote_stances(articles(), ENCODER)
    assert stance_loss(student, texts, ENCODER, taught)["taught_stance"].item() < 1e-5


def test_the_student_moves_toward_a_teacher_with_another_numbering() -> None:
    student = tiny_model(ENCODER, seed=1)
    other = reordered()
    teacher = Teacher(tiny_model(ENCODER, seed=2), other, ENCODER)
    optimizer = torch.optim.SGD(student.parameters(), lr=0.02)
    losses = []
    for _ in range(5):
        loss = quote_loss(student.eval(), windows(), ENCODER, teacher)["taught"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0]
    assert all(not p.requires_grad for p in teacher._model.parameters())


def test_made_articles_are_not_taught() -> None:
    student, teacher = tiny_model(ENCODER, seed=1).eval(), tiny_model(ENCODER, seed=2)
    taught = Teacher(teacher, ENCODER, ENCODER)
    real, made = windows(), [dataclasses.replace(w, made=True) for w in windows()]
    alone = quote_loss(student, real, ENCODER, taught)["taught"]
    assert quote_loss(student, real + made, ENCODER, taught)["taught"].item() == pytest.approx(
        alone.item(), rel=1e-4
    )
    assert quote_loss(student, made, ENCODER, taught)["taught"].item() == 0


def test_a_teacher_with_another_vocabulary_is_refused() -> None:
    pieces = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "x": 4}
    foreign = WordPieces(Tokenizer(models.WordPiece(pieces, unk_token="[UNK]")))
    with pytest.raises(ModelError, match=r"found \d+ of \d+ pieces missing, such as"):
        Teacher(tiny_model(ENCODER), foreign, ENCODER)
