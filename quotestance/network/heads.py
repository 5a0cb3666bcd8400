"""Small heads that read the encoder's states."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class FeedForward(nn.Module):
    """Two-layer perceptron with dropout: ``[..., inputs] -> [..., outputs]``."""

    def __init__(self, inputs: int, hidden: int, outputs: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(inputs, hidden), nn.GELU(), nn.Linear(hidden, outputs)
        )

    def forward(self, states: Tensor) -> Tensor:
        """Apply the perceptron."""
        return self.layers(states)  # type: ignore[no-any-return]


def pool(states: Tensor, mask: Tensor) -> Tensor:
    """Mean of the states under each mask.

    Args:
        states: ``[words, width]``.
        mask: ``[spans, words]``, any weight above zero counts; an empty row gives zeros.

    Returns:
        ``[spans, width]``.
    """
    weights = mask.to(states.dtype)
    return (weights @ states) / weights.sum(-1, keepdim=True).clamp(min=1.0)


class SpanEncoder(nn.Module):
    """A span as its first, last and mean state: ``[spans, 3 * width] -> [spans, size]``."""

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.project = FeedForward(3 * width, size, size)

    def forward(self, states: Tensor, spans: Tensor) -> Tensor:
        """Encode spans.

        Args:
            states: ``[words, width]``.
            spans: ``[spans, 2]`` first and last word, both inclusive.

        Returns:
            ``[spans, size]``.
        """
        index = torch.arange(states.shape[0], device=states.device)
        mask = (index >= spans[:, :1]) & (index <= spans[:, 1:])
        parts = [states[spans[:, 0]], states[spans[:, 1]], pool(states, mask)]
        return self.project(torch.cat(parts, -1))  # type: ignore[no-any-return]


class Pointer(nn.Module):
    """Biaffine scores from spans to words, with a null choice.

    Source: Dozat & Manning 2017 (deep biaffine attention), here from span to word.
    """

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.key = FeedForward(width, size, size)
        self.bilinear = nn.Linear(size, size)
        self.word = nn.Linear(size, 1)
        self.null = nn.Linear(size, 1)

    def forward(self, spans: Tensor, states: Tensor, distance: Tensor) -> Tensor:
        """Score every word for every span.

        Args:
            spans: ``[spans, size]`` encoded spans.
            states: ``[words, width]``.
            distance: ``[spans, words]`` added to the word scores.

        Returns:
            ``[spans, words + 1]`` logits; the last column is the null choice.
        """
        keys = self.key(states)
        scores = self.bilinear(spans) @ keys.T / keys.shape[-1] ** 0.5 + self.word(keys).T
        return torch.cat([scores + distance, self.null(spans)], -1)


class DistanceBias(nn.Module):
    """Learned bias by signed, log-bucketed distance in words between a span and a word."""

    BUCKETS = 8

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.bias = nn.Embedding(2 * self.BUCKETS + 1, outputs)
        nn.init.zeros_(self.bias.weight)

    def forward(self, spans: Tensor, words: int) -> Tensor:
        """Bias for each span and word: ``[spans, words, outputs]``; 0 distance inside the span."""
        index = torch.arange(words, device=spans.device)
        before = (spans[:, :1] - index).clamp(min=0)
        after = (index - spans[:, 1:]).clamp(min=0)
        signed = torch.where(before > 0, -before, after)
        size = (signed.abs().float() + 1).log2().ceil().long().clamp(max=self.BUCKETS)
        return self.bias(size * signed.sign() + self.BUCKETS)  # type: ignore[no-any-return]


class AntecedentScorer(nn.Module):
    """Scores pairs of mentions; the null choice has a score of its own.

    Source: Lee et al. 2017 (end-to-end coreference), without span pruning.
    """

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.span = SpanEncoder(width, size)
        self.pair = FeedForward(3 * size, size, 1)
        self.null = FeedForward(size, size, 1)
        self.distance = DistanceBias(1)

    def forward(self, states: Tensor, anaphor: Tensor, candidates: Tensor) -> Tensor:
        """Score the candidates of each anaphor.

        Args:
            states: ``[words, width]``.
            anaphor: ``[anaphors, 2]`` first and last word.
            candidates: ``[candidates, 2]`` first and last word.

        Returns:
            ``[anaphors, candidates + 1]`` logits; the last column is "none of them".
        """
        left, right = self.span(states, anaphor), self.span(states, candidates)
        n, m = left.shape[0], right.shape[0]
        a, b = left[:, None].expand(n, m, -1), right[None].expand(n, m, -1)
        scores = self.pair(torch.cat([a, b, a * b], -1)).squeeze(-1)
        near = self.distance(anaphor, states.shape[0]).squeeze(-1)
        scores = scores + near[:, candidates[:, 0]]
        return torch.cat([scores, self.null(left)], -1)
