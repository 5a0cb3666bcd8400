"""Finding, reading and writing checkpoints; only safetensors and JSON, never pickle."""

from __future__ import annotations

import json
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

from quotestance.errors import ModelError
from quotestance.network.config import NETWORK_FORMAT, QuotestanceConfig
from quotestance.network.model import QuotestanceModel
from quotestance.windows import WordPieces

CONFIG, WEIGHTS, TOKENIZER = "config.json", "model.safetensors", "tokenizer.json"
DEFAULT = "small"


def default_folder() -> Path:
    """The shipped model: in the wheel ``quotestance/models/small``, in a checkout ``models/small``.

    Raises:
        ModelError: Neither is there.
    """
    package = Path(__file__).resolve().parent.parent
    places = [package / "models" / DEFAULT, package.parent / "models" / DEFAULT]
    for place in places:
        if (place / CONFIG).is_file():
            return place
    raise ModelError(
        "expected the shipped model in " + " or ".join(str(p) for p in places) + ", found neither",
        hint="install the wheel again, or pass the folder of a checkpoint: "
        "qs.load('path/to/model')",
    )


def find_folder(model: str | Path | None) -> Path:
    """The folder of a checkpoint: the shipped one, a given one, or one fetched from a hub.

    Args:
        model: None for the shipped model; a folder; or a hub name of the form ``owner/name``,
            which is fetched over the network and only then.

    Raises:
        ModelError: There is no such folder and no such name can be fetched.
    """
    if model is None:
        return default_folder()
    folder = Path(model)
    if folder.is_dir():
        return folder
    name = str(model)
    if folder.exists() or name.count("/") != 1 or name.startswith((".", "/", "~")):
        found = "a file" if folder.exists() else "nothing"
        raise ModelError(
            f"expected the folder of a checkpoint at {name}, found {found}",
            hint="a checkpoint is a folder with config.json, model.safetensors and tokenizer.json; "
            "leave the argument out for the shipped model",
        )
    return _fetch(name)


def _fetch(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        files = [CONFIG, WEIGHTS, TOKENIZER, "README.md"]
        return Path(snapshot_download(name, allow_patterns=files))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(
            f"{name} is no folder here, and could not be fetched from the hub: "
            f"{type(error).__name__}",
            hint="check the name and the network, or pass a local folder",
        ) from error


def read_config(folder: Path) -> QuotestanceConfig:
    """Read and check ``config.json``.

    Raises:
        ModelError: It is missing, does not parse, or is of another model or format version.
    """
    file = folder / CONFIG
    if not file.is_file():
        raise ModelError(
            f"expected {file}, found no such file", hint="is this the folder of a checkpoint?"
        )
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ModelError(
            f"expected JSON in {file}, found a fault: {error}", hint="copy the checkpoint again"
        ) from None
    kind = data.get("model_type") if isinstance(data, dict) else None
    if kind != QuotestanceConfig.model_type:
        raise ModelError(
            f"expected a checkpoint of quotestance in {folder}, found model_type {kind!r}",
            hint="pass a folder written by save_pretrained or quotestance train",
        )
    if data.get("format_version") != NETWORK_FORMAT:
        raise ModelError(
            f"expected format_version {NETWORK_FORMAT} in {file}, "
            f"found {data.get('format_version')!r}",
            hint="the checkpoint was written by another version of quotestance: "
            "install that version, or train again",
        )
    return QuotestanceConfig(**data)


def load_checkpoint(folder: Path) -> tuple[QuotestanceModel, WordPieces]:
    """Network (in float32, evaluation mode) and tokenizer of a checkpoint.

    Raises:
        ModelError: A file is missing, corrupt, or does not fit the configuration.
    """
    config = read_config(folder)
    weights, tokenizer = folder / WEIGHTS, folder / TOKENIZER
    for file in (weights, tokenizer):
        if not file.is_file():
            raise ModelError(
                f"expected {file}, found no such file", hint="copy the checkpoint again, whole"
            )
    try:
        encoder = WordPieces.read(tokenizer)
    except Exception as error:  # the tokenizers library raises bare Exception
        raise ModelError(
            f"expected a tokenizer in {tokenizer}, found a fault: {error}",
            hint="copy the checkpoint again",
        ) from None
    try:
        with safe_open(weights, framework="pt") as file:
            shapes = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
        state = load_file(weights)
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"expected safetensors in {weights}, found a fault: {error}",
            hint="the file is corrupt or cut short: copy the checkpoint again",
        ) from None
    model = _build(config, folder)
    expected = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    if shapes != expected:
        wrong = sorted(set(shapes.items()) ^ set(expected.items()))[:3]
        raise ModelError(
            f"the weights in {weights} do not fit config.json, first differences: {wrong}",
            hint="config.json and model.safetensors must come from the same checkpoint",
        )
    model.load_state_dict(state)  # copies each into the float32 of the model
    return model.eval(), encoder


def _build(config: QuotestanceConfig, folder: Path) -> QuotestanceModel:
    try:
        return QuotestanceModel(config)
    except (LookupError, ArithmeticError, RuntimeError, TypeError, ValueError) as error:
        raise ModelError(
            f"expected the sizes of a network in {folder / CONFIG}, found a fault: {error}",
            hint="copy the checkpoint again",
        ) from None


def save_checkpoint(folder: Path, model: QuotestanceModel, encoder: WordPieces) -> None:
    """Write config, weights (in float16) and tokenizer to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: value.detach().half().cpu() for name, value in model.state_dict().items()}
    model.save_pretrained(folder, state_dict=state)
    encoder.save(folder / TOKENIZER)
