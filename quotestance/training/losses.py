"""Loss of each task on one batch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from quotestance.network.batches import pad_windows
from quotestance.network.labels import IGNORE, TAGS
from quotestance.network.marking import MarkedText
from quotestance.network.model import QuotestanceModel
from quotestance.training.distillation import Teacher
from quotestance.training.pair_examples import AntecedentText
from quotestance.training.quote_examples import LabelledQuote, Piece, QuoteWindow, WordSpan
from quotestance.training.reading import stance_logits, word_states
from quotestance.windows import WordPieces

#: Weight of each part of the loss of a window of quotes.
WEIGHTS = {"tags": 1.0, "inner_tags": 0.5, "links": 0.3, "labels": 0.3, "target": 0.3}


def quote_loss(
    model: QuotestanceModel,
    windows: Sequence[QuoteWindow],
    encoder: WordPieces,
    teacher: Teacher | None = None,
) -> dict[str, Tensor]:
    """Weighted losses of tagger, linker, quote labels and target on labelled windows.

    With a teacher, also that of disagreeing with it.
    """
    words = word_states(model, windows, encoder)
    logits = model.tags(torch.cat(words)).float()
    gold = torch.cat([torch.from_numpy(w.tags) for w in windows], 1).to(logits.device)
    parts = {
        "tags": WEIGHTS["tags"] * _tag_loss(logits[:, :3], gold[:3]),
        "inner_tags": WEIGHTS["inner_tags"] * _tag_loss(logits[:, 3:], gold[3:]),
    }
    links, labels, targets = [], [], []
    for window, window_states in zip(windows, words, strict=True):
        if window.content:
            links += _link_losses(model, window_states, window.content)
        if window.quotes:
            found = _quote_losses(model, window_states, window.quotes)
            labels += found[0]
            targets += found[1]
    for name, losses in (("links", links), ("labels", labels), ("target", targets)):
        if losses:
            parts[name] = WEIGHTS[name] * torch.stack(losses).mean()
    if teacher is not None:
        parts["taught"] = teacher.quote_loss(model, windows, words)
    return parts


def _tag_loss(logits: Tensor, gold: Tensor) -> Tensor:
    flat = logits.transpose(0, 1).reshape(-1, len(TAGS))
    return 3 * F.cross_entropy(flat, gold.reshape(-1), ignore_index=IGNORE)


def _mask(spans: Sequence[Sequence[WordSpan]], words: int, device: torch.device) -> Tensor:
    mask = torch.zeros(len(spans), words, dtype=torch.bool, device=device)
    for row, row_spans in enumerate(spans):
        for start, end in row_spans:
            mask[row, start : end + 1] = True
    return mask


def _point_loss(logits: Tensor, right: Tensor) -> Tensor:
    """Minus the log of the probability that falls on any right choice: ``[rows]``."""
    logits = logits.float()
    kept = logits.masked_fill(~right, float("-inf"))
    return torch.logsumexp(logits, -1) - torch.logsumexp(kept, -1)


def _link_losses(model: QuotestanceModel, states: Tensor, pieces: Sequence[Piece]) -> list[Tensor]:
    spans = torch.tensor([piece.span for piece in pieces], device=states.device)
    scores = model.linker(states, spans)
    losses = []
    for role in ("source", "cue"):
        given = [getattr(piece, role) for piece in pieces]
        rows = [i for i, spans_of in enumerate(given) if spans_of is not None]
        if not rows:
            continue
        right = _mask([given[i] for i in rows], len(states), states.device)
        right = torch.cat([right, ~right.any(1, keepdim=True)], 1)
        losses += list(_point_loss(scores[role][rows], right))
    return losses


def _quote_losses(
    model: QuotestanceModel, states: Tensor, quotes: Sequence[LabelledQuote]
) -> tuple[list[Tensor], list[Tensor]]:
    device, words = states.device, len(states)
    masks = {
        role: _mask([getattr(q, role) for q in quotes], words, device)
        for role in ("content", "cue", "source")
    }
    logits = model.labels(states, **masks)
    target = _mask([[q.target] if q.target else [] for q in quotes], words, device)
    kind = model.labels.type_of_target(states, masks["content"], target)
    losses = []
    for name, scores in {**logits, "target_type": kind}.items():
        rows = [i for i, q in enumerate(quotes) if name in q.labels]
        if rows:
            gold = torch.tensor([quotes[i].labels[name] for i in rows], device=device)
            losses += list(F.cross_entropy(scores[rows].float(), gold, reduction="none"))
    return losses, _target_losses(model, states, [q for q in quotes if q.has_target])


def _target_losses(
    model: QuotestanceModel, states: Tensor, quotes: Sequence[LabelledQuote]
) -> list[Tensor]:
    if not quotes:
        return []
    spans = torch.tensor([quote.content[0] for quote in quotes], device=states.device)
    scores = model.linker(states, spans)
    null = len(states)
    losses: list[Tensor] = []
    for side, name in enumerate(("target_start", "target_end")):
        gold = torch.tensor([q.target[side] if q.target else null for q in quotes])
        losses += list(
            F.cross_entropy(scores[name].float(), gold.to(states.device), reduction="none")
        )
    return losses


def stance_loss(
    model: QuotestanceModel,
    texts: Sequence[MarkedText],
    encoder: WordPieces,
    teacher: Teacher | None = None,
) -> dict[str, Tensor]:
    """Cross-entropy of the stance of marked texts, with a little label smoothing."""
    logits = stance_logits(model, texts, encoder).float()
    gold = torch.tensor([text.label for text in texts], device=logits.device)
    parts = {"stance": F.cross_entropy(logits, gold, label_smoothing=0.05)}
    if teacher is not None:
        parts["taught_stance"] = teacher.stance_loss(texts, logits)
    return parts


def antecedent_loss(
    model: QuotestanceModel, texts: Sequence[AntecedentText], encoder: WordPieces
) -> dict[str, Tensor]:
    """Minus the log-probability that falls on a right choice."""
    inputs = pad_windows([t.pieces for t in texts], [t.features for t in texts], encoder)
    states = model(**{k: v.to(model.device) for k, v in inputs.items()})
    losses = []
    for i, text in enumerate(texts):
        words = states[i, 1 + torch.from_numpy(text.first).to(states.device)]
        for anaphor, candidates, right in text.questions:
            logits = model.antecedents(
                words,
                torch.tensor([anaphor], device=words.device),
                torch.tensor(candidates, device=words.device),
            )
            mask = torch.tensor([right], device=words.device)
            losses += list(_point_loss(logits, mask))
    return {"antecedents": torch.stack(losses).mean()}
