"""Configuration of the network: sizes, feature vocabularies, calibration."""

from __future__ import annotations

from typing import Any

from transformers import PretrainedConfig

NETWORK_FORMAT = 1


class QuotestanceConfig(PretrainedConfig):
    """Everything that a checkpoint needs to be rebuilt.

    Args:
        encoder: Configuration dict of the encoder (``BertConfig`` or ``MPNetConfig``).
        head_size: Width of the hidden layers of the heads.
        window: Longest window that one encoder pass reads, in word pieces.
        context: Word pieces of context on either side of the part that a window answers for.
        calibration: Named temperatures and thresholds measured on the dev files.
        format_version: Version of the checkpoint's layout.
        release: Version of the weights.
        **kwargs: Passed on to ``PretrainedConfig``.
    """

    model_type = "quotestance"

    def __init__(
        self,
        encoder: dict[str, Any] | None = None,
        head_size: int = 128,
        window: int = 320,
        context: int = 64,
        calibration: dict[str, float] | None = None,
        format_version: int = NETWORK_FORMAT,
        release: str = "0.1.0",
        **kwargs: Any,
    ) -> None:
        self.encoder = encoder or {"model_type": "bert"}
        self.head_size = head_size
        self.window = window
        self.context = context
        self.calibration = calibration or {}
        self.format_version = format_version
        self.release = release
        super().__init__(**kwargs)
