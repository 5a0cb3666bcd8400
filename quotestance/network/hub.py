"""Saving a model where others can load it: a folder here, or a repository on a hub."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from quotestance.errors import ModelError
from quotestance.network.checkpoint import save_checkpoint
from quotestance.network.runtime import Network

#: The model card and the terms travel with the weights.
COMPANIONS = ("README.md", "LICENSE.md")


def save(network: Network, folder: str | Path, origin: Path | None = None) -> None:
    """Write a checkpoint that ``qs.load`` reads, with the card and terms of its origin.

    Args:
        network: The network.
        folder: Where to; made where it is missing.
        origin: Folder that the network was loaded from, if any.

    Raises:
        ModelError: The folder cannot be written.
    """
    folder = Path(folder)
    try:
        save_checkpoint(folder, network.model, network.encoder)
        for name in COMPANIONS:
            if origin is not None and (origin / name).is_file() and origin != folder:
                shutil.copyfile(origin / name, folder / name)
    except OSError as error:
        raise ModelError(
            f"the model cannot be written to {folder}: {error.strerror}",
            hint="choose another folder",
        ) from None


def push(
    network: Network,
    name: str,
    origin: Path | None = None,
    *,
    private: bool = True,
    token: str | None = None,
) -> str:
    """Upload a checkpoint to the Hugging Face hub; the only thing here that needs a network.

    Args:
        network: The network.
        name: Name of the repository, ``owner/name``; made where it is missing.
        origin: As in ``save``.
        private: Whether a repository that is made is private.
        token: Access token; the one that ``hf auth login`` stored by default.

    Returns:
        Address of the repository.

    Raises:
        ModelError: The hub cannot be reached, or refuses.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    api = HfApi(token=token)
    try:
        with tempfile.TemporaryDirectory() as folder:
            save(network, folder, origin)
            address = api.create_repo(name, private=private, exist_ok=True)
            api.upload_folder(
                repo_id=name, folder_path=folder, commit_message="Upload by quotestance"
            )
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        raise ModelError(
            f"{name} could not be uploaded to the hub: {type(error).__name__}: {error}",
            hint="check the name (owner/name), the network, and `hf auth login`",
        ) from error
    return str(address)
