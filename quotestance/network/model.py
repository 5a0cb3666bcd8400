"""One encoder with small heads: the network as a transformers ``PreTrainedModel``."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedModel

from quotestance.network.config import QuotestanceConfig
from quotestance.network.heads import (
    AntecedentScorer,
    DistanceBias,
    FeedForward,
    Pointer,
    SpanEncoder,
    pool,
)
from quotestance.network.labels import LAYERS, MODES, POLARITIES, ROLES, STANCES, TAGS, TARGET_TYPES
from quotestance.text import N_MARK_STATES, N_SHAPES


class InputFeatures(nn.Module):
    """Embeddings of what an uncased encoder cannot see, started at zero."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.shape = nn.Embedding(N_SHAPES, width)
        self.mark = nn.Embedding(N_MARK_STATES, width)
        self.paragraph = nn.Embedding(2, width)
        self.role = nn.Embedding(len(ROLES), width)
        for table in (self.shape, self.mark, self.paragraph, self.role):
            nn.init.zeros_(table.weight)

    def forward(self, features: Tensor) -> Tensor:
        """Sum of the embeddings of ``[..., 4]`` (shape, mark, paragraph, role)."""
        shape, mark, paragraph, role = features.unbind(-1)
        summed = self.shape(shape) + self.mark(mark) + self.paragraph(paragraph) + self.role(role)
        return summed  # type: ignore[no-any-return]


class QuoteLinker(nn.Module):
    """Points from each piece of content to its source, its cue and its target."""

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.span = SpanEncoder(width, size)
        self.distance = DistanceBias(4)
        self.source = Pointer(width, size)
        self.cue = Pointer(width, size)
        self.target_start = Pointer(width, size)
        self.target_end = Pointer(width, size)

    def forward(self, states: Tensor, pieces: Tensor) -> dict[str, Tensor]:
        """Score all words for each piece.

        Args:
            states: ``[words, width]``.
            pieces: ``[pieces, 2]`` first and last word of each piece of content.

        Returns:
            ``source``, ``cue``, ``target_start``, ``target_end``: ``[pieces, words + 1]`` logits,
            the last column for "none".
        """
        spans = self.span(states, pieces)
        near = self.distance(pieces, states.shape[0]).unbind(-1)
        heads = ("source", "cue", "target_start", "target_end")
        return {
            name: getattr(self, name)(spans, states, bias)
            for name, bias in zip(heads, near, strict=True)
        }


class QuoteLabels(nn.Module):
    """What a quote is: a quote at all, speech or thought, affirmed or denied; type of target."""

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        outputs = {"is_quote": 2, "mode": len(MODES), "polarity": len(POLARITIES)}
        self.heads = nn.ModuleDict(
            {name: FeedForward(3 * width, size, n) for name, n in outputs.items()}
        )
        self.target_type = FeedForward(2 * width, size, len(TARGET_TYPES))

    def forward(
        self, states: Tensor, content: Tensor, cue: Tensor, source: Tensor
    ) -> dict[str, Tensor]:
        """Classify quotes given ``[quotes, words]`` masks of their roles."""
        pooled = torch.cat([pool(states, mask) for mask in (content, cue, source)], -1)
        return {name: head(pooled) for name, head in self.heads.items()}

    def type_of_target(self, states: Tensor, content: Tensor, target: Tensor) -> Tensor:
        """Logits of ``TARGET_TYPES`` given ``[quotes, words]`` masks."""
        pooled = torch.cat([pool(states, content), pool(states, target)], -1)
        return self.target_type(pooled)  # type: ignore[no-any-return]


class StanceClassifier(nn.Module):
    """Stance of a holder toward a target, read from states in which both are marked.

    Learned vectors stand for the writer as holder and for a target that is not given.
    """

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.writer = nn.Parameter(torch.zeros(width))
        self.untargeted = nn.Parameter(torch.zeros(width))
        self.classify = FeedForward(4 * width, size, len(STANCES), dropout=0.3)

    def forward(self, states: Tensor, words: Tensor, roles: Tensor) -> Tensor:
        """Classify a batch of marked texts.

        Args:
            states: ``[batch, pieces, width]``.
            words: ``[batch, pieces]`` 1 for pieces of the text, 0 for padding and special ones.
            roles: ``[batch, pieces]`` role of each piece, see ``labels.ROLES``.

        Returns:
            ``[batch, 3]`` logits in the order of ``STANCES``.
        """

        def mean(mask: Tensor, otherwise: Tensor) -> Tensor:
            weights = mask.to(states.dtype)[..., None]
            total = weights.sum(1)
            value = (states * weights).sum(1) / total.clamp(min=1.0)
            return torch.where(total > 0, value, otherwise.to(states.dtype))

        none, target, holder, content = range(4)
        del none
        parts = [
            states[:, 0],
            mean(roles == target, self.untargeted),
            mean(roles == holder, self.writer),
            mean((roles == content) & (words > 0), states[:, 0]),
        ]
        return self.classify(torch.cat(parts, -1))  # type: ignore[no-any-return]


class QuotestanceModel(PreTrainedModel):
    """Encoder, input features and heads in one checkpoint.

    Args:
        config: Sizes; ``config.encoder`` is the configuration of the encoder.
    """

    config_class = QuotestanceConfig
    base_model_prefix = "quotestance"
    main_input_name = "input_ids"

    def __init__(self, config: QuotestanceConfig) -> None:
        super().__init__(config)
        settings = dict(config.encoder)
        encoder = AutoConfig.for_model(settings.pop("model_type"), **settings)
        self.encoder = AutoModel.from_config(encoder)
        self.encoder.pooler = None
        width, size = encoder.hidden_size, config.head_size
        self.features = InputFeatures(width)
        self.tagger = FeedForward(width, 2 * size, len(LAYERS) * len(TAGS), dropout=0.1)
        self.linker = QuoteLinker(width, size)
        self.labels = QuoteLabels(width, size)
        self.stance = StanceClassifier(width, size)
        self.antecedents = AntecedentScorer(width, size)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        """Leave PyTorch's own initialization; feature tables start at zero by design."""

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, features: Tensor, **_: Any
    ) -> Tensor:
        """States of a batch of windows.

        Args:
            input_ids: ``[batch, pieces]`` vocabulary ids.
            attention_mask: ``[batch, pieces]``.
            features: ``[batch, pieces, 4]`` shape, mark, paragraph and role of each piece's word.

        Returns:
            ``[batch, pieces, width]``.
        """
        embedded = self.encoder.get_input_embeddings()(input_ids) + self.features(features)
        output = self.encoder(inputs_embeds=embedded, attention_mask=attention_mask)
        return output.last_hidden_state  # type: ignore[no-any-return]

    def tags(self, states: Tensor) -> Tensor:
        """Tag logits ``[..., layers, tags]`` of word states ``[..., width]``."""
        logits = self.tagger(states)
        return logits.unflatten(-1, (len(LAYERS), len(TAGS)))  # type: ignore[no-any-return]
