"""What a larger trained network says of stances without labels, for a smaller one to learn from.

A teacher knows the texts it was trained on by heart and repeats their labels. So it is asked of
others: names in the articles of the quote corpora and in the sentences of the stance corpora, and
quotes whose stance nobody has labelled.

Source: Hinton, Vinyals & Dean 2015, Distilling the Knowledge in a Neural Network.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from quotestance.evaluation.corpora import TargetedSentence
from quotestance.network.marking import MarkedText
from quotestance.network.model import QuotestanceModel
from quotestance.network.runtime import Network
from quotestance.quotes import Quote, Span, Stance
from quotestance.records import AnnotatedArticle, Article
from quotestance.stages.mentions import find_mentions
from quotestance.text import sentences
from quotestance.training.run import computes_in_bf16
from quotestance.windows import WordPieces

#: Sentences of an article whose names are asked about, and quotes.
_SENTENCES = 5
_QUOTES = 6
#: Sentences of the stance corpora that are asked about.
_OTHERS = 12_000
Mark = Callable[[WordPieces], list[MarkedText]]


class Teacher:
    """A trained network that labels what has no labels.

    Args:
        network: The network; it computes in bf16 from here on where the processor does.
        folder: Where its readings are kept, for a run that resumes.
    """

    def __init__(self, network: Network, folder: Path) -> None:
        self._network = network
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if network.device.type == "cpu" and computes_in_bf16("auto"):
            _compute_in_bf16(network.model)

    def stances(self, name: str, mark: Mark, encoder: WordPieces) -> list[MarkedText]:
        """Marked texts with its probabilities of each stance.

        Args:
            name: Names the file of probabilities.
            mark: Marks the same texts for any tokenizer.
            encoder: Tokenizer of the student.
        """
        file = self._folder / f"{name}.safetensors"
        if not file.exists():
            logits = torch.from_numpy(self._network.stances(mark(self._network.encoder)))
            save_file({"stances": logits.softmax(-1)}, file)
        taught = load_file(file)["stances"].numpy()
        return [
            dataclasses.replace(text, taught=row)
            for text, row in zip(mark(encoder), taught, strict=True)
        ]


def _compute_in_bf16(model: QuotestanceModel) -> None:
    plain = model.forward

    def forward(*args: Any, **kwargs: Any) -> torch.Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            return plain(*args, **kwargs).float()

    model.forward = forward  # type: ignore[method-assign]


def lone_sentences(rows: Iterable[TargetedSentence], seed: int) -> list[Article]:
    """Sentences of a corpus, 12,000 at most and each once, as articles without labels."""
    texts = sorted({row.text.strip() for row in rows})
    random.Random(seed).shuffle(texts)
    return [Article(text, id=f"sentence-{i}") for i, text in enumerate(texts[:_OTHERS])]


def ask_of_names(docs: Iterable[Article | AnnotatedArticle], seed: int) -> list[TargetedSentence]:
    """Sentences of articles with one of their names as target: of the writer, or of another name.

    Args:
        docs: The articles.
        seed: Seed of the draw of sentences and names.

    Returns:
        At most 5 sentences an article, ``neutral`` in the place of a label. In two of three of
        those with several names another name is the holder.
    """
    draw = random.Random(seed)
    out = []
    for doc in docs:
        found = [(text, names) for text in _sentences(doc.text) if (names := _names(text))]
        for i, (text, names) in enumerate(draw.sample(found, min(_SENTENCES, len(found)))):
            target = draw.choice(names)
            others = [span for span in names if span.text != target.text]
            holder = draw.choice(others) if others and draw.random() < 2 / 3 else None
            out.append(TargetedSentence(f"{doc.id}-{i}", text, target, holder, "neutral"))
    return out


def ask_of_quotes(docs: Iterable[AnnotatedArticle], seed: int) -> list[AnnotatedArticle]:
    """Articles with at most 6 of their quotes, a name in each as target where it holds one.

    Args:
        docs: The articles; those whose quotes have a stance are left out.
        seed: Seed of the draw of quotes and names.

    Returns:
        Articles whose quotes have ``neutral`` in the place of a stance.
    """
    draw = random.Random(seed)
    out = []
    for doc in docs:
        quotes = [quote for quote in doc.quotes if quote.content]
        if any(quote.stance for quote in quotes):
            continue
        asked = [
            _asked(quote, doc.text, draw)
            for quote in draw.sample(quotes, min(_QUOTES, len(quotes)))
        ]
        out.append(dataclasses.replace(doc, quotes=tuple(asked)))
    return out


def _asked(quote: Quote, text: str, draw: random.Random) -> Quote:
    first = quote.content[0]
    names = _names(text[first.start : first.end])
    target = None
    if names:
        span = draw.choice(names)
        target = Span(first.start + span.start, first.start + span.end, span.text)
    return quote.replace(stance=Stance("neutral"), target_span=target)


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def _names(text: str) -> list[Span]:
    return [m.span for m in find_mentions(text) if m.form == "name"]
