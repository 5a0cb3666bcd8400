"""Running the network over articles: device, batches of windows, states stitched together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quotestance.errors import DeviceError
from quotestance.network.batches import pad_windows
from quotestance.network.labels import LAYERS, TAGS
from quotestance.network.marking import MarkedText
from quotestance.network.model import QuotestanceModel
from quotestance.windows import EncodedText, Window, WordPieces, cut, word_features

Floats = NDArray[np.float32]
WordSpan = tuple[int, int]

#: Word pieces of one forward pass, padding counted; bounds memory whatever the batch.
PASS_TOKENS = 4096
#: Words on either side of a piece of content in which its source, cue and target are sought.
REACH = 256
_GROUP_WORDS = 1024
_GROUP_ANAPHORS = 8


def choose_device(name: str = "auto") -> torch.device:
    """The device to run on.

    Args:
        name: ``auto`` (a CUDA device where there is one), ``cpu`` or ``cuda``.

    Raises:
        DeviceError: There is no such device here.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name not in ("cpu", "cuda"):
        raise DeviceError(f"expected auto, cpu or cuda as device, found {name!r}")
    if name == "cuda" and not torch.cuda.is_available():
        raise DeviceError(
            "the device cuda was asked for and torch sees none",
            hint="use --device cpu, or install a CUDA build of torch",
        )
    return torch.device(name)


@dataclass(frozen=True)
class ReadArticle:
    """An article as the network read it.

    Args:
        encoded: Its words and pieces.
        states: ``[words, width]`` states of its words.
    """

    encoded: EncodedText
    states: Tensor


@dataclass(frozen=True)
class Links:
    """Probabilities of what one piece of content points to.

    Args:
        low: Index of the word in the first column.
        source: ``[words + 1]``; the last entry is "none", as in the others.
        cue: ``[words + 1]``.
        target_start: ``[words + 1]``.
        target_end: ``[words + 1]``.
    """

    low: int
    source: Floats
    cue: Floats
    target_start: Floats
    target_end: Floats


class Network:
    """A checkpoint in memory, ready to read articles. Safe to call from several threads.

    Args:
        model: The network in evaluation mode.
        encoder: Its tokenizer.
        device: Where to run.
    """

    def __init__(self, model: QuotestanceModel, encoder: WordPieces, device: torch.device) -> None:
        self.model = model.to(device).eval()
        self.encoder = encoder
        self.device = device
        self.config = model.config

    def encode(self, text: str) -> EncodedText:
        """Words and pieces of a text."""
        return self.encoder.encode(text)

    @torch.inference_mode()
    def read(self, texts: Sequence[EncodedText]) -> list[ReadArticle]:
        """One encoder pass over every window of every article."""
        size, context = self.config.window, self.config.context
        jobs = [(i, w) for i, text in enumerate(texts) for w in cut(text, size, context)]
        width = self.model.features.shape.embedding_dim
        states = [torch.empty(len(text), width, device=self.device) for text in texts]
        spans = [texts[i].first[w.end] - texts[i].first[w.start] for i, w in jobs]
        for rows in _passes(spans):
            chosen = [jobs[row] for row in rows]
            inputs = self._inputs(
                [_pieces(texts[i], w) for i, w in chosen],
                [word_features(texts[i], w.start, w.end) for i, w in chosen],
            )
            output = self.model(**inputs)
            for row, (i, window) in enumerate(chosen):
                first = texts[i].first[window.core_start : window.core_end]
                index = torch.from_numpy(first - texts[i].first[window.start] + 1)
                states[i][window.core_start : window.core_end] = output[row, index.to(self.device)]
        return [ReadArticle(text, s) for text, s in zip(texts, states, strict=True)]

    @torch.inference_mode()
    def tags(self, article: ReadArticle) -> Floats:
        """Log-probabilities of the tags: ``[words, layers, tags]``."""
        if not len(article.encoded):
            return np.zeros((0, len(LAYERS), len(TAGS)), dtype=np.float32)
        parts = [self.model.tags(part).log_softmax(-1) for part in article.states.split(8192)]
        return torch.cat(parts).cpu().numpy()

    @torch.inference_mode()
    def links(self, article: ReadArticle, pieces: Sequence[WordSpan]) -> list[Links]:
        """What each piece of content (first and last word, in text order) points to."""
        words = len(article.encoded)
        out: list[Links] = []
        start = 0
        while start < len(pieces):
            end = start + 1
            while end < len(pieces) and pieces[end][1] - pieces[start][0] < _GROUP_WORDS:
                end += 1
            group = pieces[start:end]
            low = max(0, group[0][0] - REACH)
            high = min(words, max(span[1] for span in group) + REACH + 1)
            out += self._link_group(article.states[low:high], group, low)
            start = end
        return out

    def _link_group(self, states: Tensor, group: Sequence[WordSpan], low: int) -> list[Links]:
        spans = torch.tensor(group, device=self.device) - low
        index = torch.arange(states.shape[0] + 1, device=self.device)
        far = (index < spans[:, :1] - REACH) | (index > spans[:, 1:] + REACH)
        far[:, -1] = False
        scores = self.model.linker(states, spans)
        found = {
            name: value.masked_fill(far, float("-inf")).softmax(-1).cpu().numpy()
            for name, value in scores.items()
        }
        return [
            Links(low, **{name: value[row] for name, value in found.items()})
            for row in range(len(group))
        ]

    @torch.inference_mode()
    def labels(
        self,
        article: ReadArticle,
        content: Sequence[WordSpan],
        cue: Sequence[WordSpan],
        source: Sequence[WordSpan],
        target: WordSpan | None,
    ) -> dict[str, Floats]:
        """Probabilities of ``is_quote``, ``mode``, ``polarity`` and, given a target, its type."""
        spans = [*content, *cue, *source, *([target] if target else [])]
        low = min(span[0] for span in spans)
        high = max(span[1] for span in spans) + 1
        states = article.states[low:high]
        roles = [list(content), list(cue), list(source), [target] if target else []]
        mask = torch.zeros(4, high - low, dtype=torch.bool, device=self.device)
        for row, chosen in enumerate(roles):
            for start, end in chosen:
                mask[row, start - low : end - low + 1] = True
        logits = self.model.labels(states, mask[:1], mask[1:2], mask[2:3])
        if target:
            logits["target_type"] = self.model.labels.type_of_target(states, mask[:1], mask[3:4])
        return {name: value[0].softmax(-1).cpu().numpy() for name, value in logits.items()}

    @torch.inference_mode()
    def stances(self, texts: Sequence[MarkedText]) -> Floats:
        """Stance logits of marked texts: ``[texts, 3]``."""
        out = np.zeros((len(texts), 3), dtype=np.float32)
        for rows in _passes([len(text.pieces) for text in texts]):
            chosen = [texts[row] for row in rows]
            inputs = self._inputs(
                [t.pieces for t in chosen], [t.features for t in chosen], [t.roles for t in chosen]
            )
            states = self.model(**inputs)
            logits = self.model.stance(states, inputs["attention_mask"], inputs["features"][..., 3])
            out[rows] = logits.cpu().numpy()
        return out

    @torch.inference_mode()
    def antecedents(
        self, article: ReadArticle, questions: Sequence[tuple[WordSpan, Sequence[WordSpan]]]
    ) -> list[Floats]:
        """What each anaphor takes up.

        Args:
            article: The article.
            questions: Each anaphor with its candidates, in text order to be fast.

        Returns:
            For each anaphor the probability of each candidate, and last of none of them:
            ``[candidates + 1]``.
        """
        out: list[Floats] = []
        start = 0
        while start < len(questions):
            end = start + 1
            low, high = _extent(questions[start])
            while end < len(questions) and end - start < _GROUP_ANAPHORS:
                first, last = _extent(questions[end])
                if max(high, last) - min(low, first) > _GROUP_WORDS:
                    break
                low, high, end = min(low, first), max(high, last), end + 1
            out += self._antecedent_group(article.states[low : high + 1], questions[start:end], low)
            start = end
        return out

    def _antecedent_group(
        self,
        states: Tensor,
        questions: Sequence[tuple[WordSpan, Sequence[WordSpan]]],
        low: int,
    ) -> list[Floats]:
        spans = sorted({span for _, candidates in questions for span in candidates})
        column = {span: i for i, span in enumerate(spans)}
        anaphors = torch.tensor([anaphor for anaphor, _ in questions], device=self.device) - low
        index = torch.tensor(spans, dtype=torch.long, device=self.device).reshape(-1, 2) - low
        logits = self.model.antecedents(states, anaphors, index).cpu()
        return [
            logits[row, [*(column[span] for span in candidates), -1]].softmax(-1).numpy()
            for row, (_, candidates) in enumerate(questions)
        ]

    def _inputs(
        self,
        pieces: Sequence[NDArray[np.int64]],
        features: Sequence[NDArray[np.int64]],
        roles: Sequence[NDArray[np.int64]] | None = None,
    ) -> dict[str, Tensor]:
        inputs = pad_windows(pieces, features, self.encoder, roles)
        return {name: value.to(self.device) for name, value in inputs.items()}


def _extent(question: tuple[WordSpan, Sequence[WordSpan]]) -> WordSpan:
    """First and last word of an anaphor and its candidates."""
    anaphor, candidates = question
    spans = (anaphor, *candidates)
    return min(s[0] for s in spans), max(s[1] for s in spans)


def _pieces(text: EncodedText, window: Window) -> NDArray[np.int64]:
    return text.pieces[text.first[window.start] : text.first[window.end]]


def _passes(lengths: Sequence[int]) -> list[list[int]]:
    """Rows of like length, each list at most ``PASS_TOKENS`` pieces with its padding."""
    order = sorted(range(len(lengths)), key=lambda row: lengths[row])
    passes: list[list[int]] = []
    for row in order:
        if passes and (lengths[row] + 2) * (len(passes[-1]) + 1) <= PASS_TOKENS:
            passes[-1].append(row)
        else:
            passes.append([row])
    return passes
