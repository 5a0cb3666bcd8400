"""Weights of links and of scores of quotes, by maximum likelihood on dev articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quotestance.evaluation.spans import Tokens
from quotestance.network.runtime import Network, ReadArticle
from quotestance.quotes import Span
from quotestance.records import AnnotatedArticle
from quotestance.stages.assembly import sentence_bounds
from quotestance.stages.evidence import EVIDENCE
from quotestance.stages.linking import FEATURES, Candidate, Floats, candidates, features
from quotestance.stages.passages import Places
from quotestance.stages.quotes import SpanStage
from quotestance.windows import EncodedText

_STEPS = 100


@dataclass(frozen=True)
class Choice:
    """The pairs of source and cue that one piece of content can have.

    Args:
        features: ``[pairs, len(FEATURES)]``.
        right: ``[pairs]`` whether both share a counted token with those of the gold quote, or
            neither side has one.
    """

    features: Floats
    right: NDArray[np.bool_]


def choices(
    network: Network,
    docs: Sequence[AnnotatedArticle],
    read: Sequence[ReadArticle],
    calibration: Mapping[str, float],
) -> list[Choice]:
    """The choices of all decoded pieces of which half or more lies in a gold content.

    Args:
        network: The network.
        docs: Labelled articles.
        read: The same, as the network read them.
        calibration: Settings of the spans.
    """
    stage = SpanStage(network, calibration)
    found = []
    for doc, article in zip(docs, read, strict=True):
        spans = stage(article, doc.text)
        bounds = sentence_bounds(article.encoded, doc.text)
        places = Places.of(article.encoded, doc.text, bounds)
        links = network.links(article, [span.words for span in spans.content])
        gold = _Gold(doc, article.encoded)
        rows = list(zip(spans.content, links, spans.around, strict=True))
        outer = [(piece.words, link) for piece, link, around in rows if around is None]
        pieces = [piece for piece, _ in outer]
        for piece, link in outer:
            roles = gold.roles(piece)
            if roles is None:
                continue
            sources = candidates("source", link, spans, piece)
            cues = candidates("cue", link, spans, piece)
            rows_of = features(piece, sources, cues, places, pieces)
            right = gold.hits(sources, roles[0])[:, None] & gold.hits(cues, roles[1])[None]
            if right.any():
                found.append(Choice(rows_of.reshape(-1, len(FEATURES)), right.ravel()))
    return found


class _Gold:
    """Counted tokens of the gold quotes of one article."""

    def __init__(self, doc: AnnotatedArticle, encoded: EncodedText) -> None:
        self._tokens, self._encoded = Tokens(doc.text), encoded
        within = self._tokens.within
        self._quotes = [(within(q.content), within(q.source), within(q.cue)) for q in doc.quotes]

    def _covered(self, words: tuple[int, int]) -> frozenset[int]:
        start, end = self._encoded.words[words[0], 0], self._encoded.words[words[1], 1]
        return self._tokens.within([Span(int(start), int(end))])

    def roles(self, piece: tuple[int, int]) -> tuple[frozenset[int], frozenset[int]] | None:
        """Source and cue of the gold quote that holds half of a piece or more."""
        tokens = self._covered(piece)
        best = max(self._quotes, key=lambda quote: len(quote[0] & tokens), default=None)
        if best is None or not tokens or 2 * len(best[0] & tokens) < len(tokens):
            return None
        return best[1], best[2]

    def hits(self, found: Sequence[Candidate], role: frozenset[int]) -> NDArray[np.bool_]:
        """Which candidates share a token with a role; "none" is right where it has none."""
        return np.array([
            bool(self._covered(one.words) & role) if one.words else not role for one in found
        ])  # fmt: skip


def fit_links(found: Sequence[Choice], penalty: float = 1.0) -> dict[str, float]:
    """Weights under which the right pairs are likeliest.

    Args:
        found: Choices; an empty list gives no weights.
        penalty: Factor of the sum of squared weights.

    Returns:
        ``link.NAME`` for each name of ``FEATURES``.
    """
    fitted = fit_choices(found, penalty)
    return {f"link.{name}": value for name, value in zip(FEATURES, fitted, strict=False)}


def fit_choices(found: Sequence[Choice], penalty: float = 1.0) -> list[float]:
    """One weight for each column of the features; none without choices.

    Args:
        found: Choices, each with something right in it.
        penalty: Factor of the sum of squared weights.
    """
    if not found:
        return []
    rows = torch.from_numpy(np.concatenate([choice.features for choice in found]))
    right = torch.from_numpy(np.concatenate([choice.right for choice in found]))
    sizes = torch.tensor([len(choice.right) for choice in found])
    choice_of = torch.repeat_interleave(torch.arange(len(found)), sizes)
    weights = torch.zeros(rows.shape[1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=_STEPS, line_search_fn="strong_wolfe")

    def log_sum(scores: Tensor) -> Tensor:
        top = torch.full((len(found),), -torch.inf, dtype=scores.dtype)
        top = top.scatter_reduce(0, choice_of, scores.detach(), "amax")
        total = torch.zeros_like(top).index_add(0, choice_of, (scores - top[choice_of]).exp())
        return top + total.log()

    def loss() -> Tensor:
        optimizer.zero_grad()
        scores = rows @ weights
        hidden = scores.masked_fill(~right, -1e4)
        value = (log_sum(scores) - log_sum(hidden)).sum() + penalty * weights.square().sum()
        value.backward()
        return value

    optimizer.step(loss)
    fitted: list[float] = weights.detach().tolist()
    return fitted


def fit_scores(
    evidence: Floats, right: NDArray[np.bool_], penalty: float = 1.0, steps: int = 30
) -> dict[str, float]:
    """Weights of the logistic score of a quote (Newton's method).

    Args:
        evidence: ``[quotes, len(EVIDENCE)]``.
        right: ``[quotes]`` whether each is right; nothing is fitted where all are alike.
        penalty: Factor of the sum of squared weights.
        steps: Newton steps.

    Returns:
        ``score.NAME`` for each name of ``EVIDENCE``.
    """
    if len(set(right.tolist())) < 2:
        return {}
    weights = np.zeros(len(EVIDENCE))
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(evidence @ weights, -30, 30)))
        gradient = evidence.T @ (p - right) + penalty * weights
        hessian = (evidence.T * (p * (1 - p))) @ evidence + penalty * np.eye(len(weights))
        weights = weights - np.linalg.solve(hessian, gradient)
    return {f"score.{name}": float(value) for name, value in zip(EVIDENCE, weights, strict=True)}
