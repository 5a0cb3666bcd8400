from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

import quotestance.network.checkpoint as checkpoint
from quotestance.errors import ModelError
from quotestance.network.checkpoint import find_folder, load_checkpoint, read_config
from quotestance.network.model import QuotestanceModel
from tests.tiny_model import tiny_folder, tiny_network  # noqa: F401


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:  # noqa: F811
    """A copy of the tiny checkpoint that a test may damage."""
    return Path(shutil.copytree(tiny_folder, tmp_path / "copy"))


def edit(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    data = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    change(data)
    (folder / "config.json").write_text(json.dumps(data), encoding="utf-8")


def fault(folder: Path) -> ModelError:
    with pytest.raises(ModelError) as caught:
        load_checkpoint(folder)
    return caught.value


def test_weights_are_kept_to_half_precision_and_read_as_single(folder: Path) -> None:
    stored = load_file(folder / "model.safetensors")
    assert {value.dtype for value in stored.values()} == {torch.float16}
    model, encoder = load_checkpoint(folder)
    assert not model.training
    original = tiny_network(window=48, context=12).model.state_dict()
    for name, value in model.state_dict().items():
        assert value.dtype == torch.float32
        torch.testing.assert_close(value, original[name].half().float(), rtol=0, atol=0)
    assert encoder.encode("The mayor").pieces.size


def test_a_checkpoint_holds_three_files_and_no_pickle(folder: Path) -> None:
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["config.json", "model.safetensors", "tokenizer.json"]
    assert b"pickle" not in (folder / "model.safetensors").read_bytes()[:20_000]


def test_nothing_is_unpickled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("torch.load was called")

    monkeypatch.setattr(torch, "load", refuse)
    torch.save({"a": 1}, folder / "pytorch_model.bin")
    load_checkpoint(folder)


def test_save_pretrained_and_from_pretrained(folder: Path, tmp_path: Path) -> None:
    model, _ = load_checkpoint(folder)
    model.config.calibration = {"temperature.stance": 1.25}
    model.save_pretrained(tmp_path / "again")
    again = QuotestanceModel.from_pretrained(tmp_path / "again").eval()
    assert again.config.calibration == {"temperature.stance": 1.25}
    assert again.config.window == 48
    inputs = {
        "input_ids": torch.tensor([[2, 9, 30, 3]]),
        "attention_mask": torch.ones(1, 4, dtype=torch.long),
        "features": torch.ones(1, 4, 4, dtype=torch.long),
    }
    with torch.inference_mode():
        torch.testing.assert_close(again(**inputs), model(**inputs), rtol=0, atol=0)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    error = fault(folder)
    assert str(error) == f"expected {folder / name}, found no such file"
    assert error.hint in (
        "is this the folder of a checkpoint?",
        "copy the checkpoint again, whole",
    )


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b""])
def test_a_config_that_does_not_parse(folder: Path, content: bytes) -> None:
    (folder / "config.json").write_bytes(content)
    error = fault(folder)
    assert str(error).startswith(f"expected JSON in {folder / 'config.json'}, found a fault: ")
    assert error.hint == "copy the checkpoint again"


@pytest.mark.parametrize("content, found", [('{"model_type": "bert"}', "'bert'"), ("[]", "None")])
def test_a_checkpoint_of_something_else(folder: Path, content: str, found: str) -> None:
    (folder / "config.json").write_text(content, encoding="utf-8")
    error = fault(folder)
    assert str(error) == (
        f"expected a checkpoint of quotestance in {folder}, found model_type {found}"
    )
    assert error.hint == "pass a folder written by save_pretrained or quotestance train"


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_format_version(folder: Path, version: object) -> None:
    edit(folder, lambda data: data.update(format_version=version))
    error = fault(folder)
    assert str(error) == (
        f"expected format_version 1 in {folder / 'config.json'}, found {version!r}"
    )
    assert error.hint is not None
    assert "another version of quotestance" in error.hint


@pytest.mark.parametrize("keep", [0, 5, 1000, -1])
def test_weights_cut_short(folder: Path, keep: int) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:keep])
    error = fault(folder)
    assert str(error).startswith(f"expected safetensors in {file}, found a fault: ")
    assert error.hint == "the file is corrupt or cut short: copy the checkpoint again"


def test_weights_that_are_no_safetensors(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"\x80\x04pickled" * 50)
    assert "expected safetensors" in str(fault(folder))


def test_a_tokenizer_that_does_not_parse(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    error = fault(folder)
    assert str(error).startswith(f"expected a tokenizer in {folder / 'tokenizer.json'}, found")
    assert error.hint == "copy the checkpoint again"


def test_weights_of_another_size(folder: Path) -> None:
    edit(folder, lambda data: data.update(head_size=24))
    error = fault(folder)
    assert str(error).startswith(
        f"the weights in {folder / 'model.safetensors'} do not fit config.json, "
        "first differences: [("
    )
    assert error.hint == "config.json and model.safetensors must come from the same checkpoint"


def test_a_weight_too_few(folder: Path) -> None:
    state = load_file(folder / "model.safetensors")
    del state["tagger.layers.1.bias"]
    save_file(state, folder / "model.safetensors")
    assert "tagger.layers.1.bias" in str(fault(folder))


@pytest.mark.parametrize(
    "change",
    [
        {"head_size": "wide"},
        {"head_size": -3},
        {"encoder": {"model_type": "no-such-model"}},
        {"encoder": {"hidden_size": 32}},
        {"encoder": {"model_type": "bert", "hidden_size": 30, "num_attention_heads": 4}},
    ],
)
def test_sizes_that_make_no_network(folder: Path, change: dict[str, Any]) -> None:
    edit(folder, lambda data: data.update(change))
    error = fault(folder)
    assert str(error).startswith(
        f"expected the sizes of a network in {folder / 'config.json'}, found a fault: "
    )
    assert error.hint == "copy the checkpoint again"


def test_read_config_keeps_calibration(folder: Path) -> None:
    edit(folder, lambda data: data.update(calibration={"bias.cue": -0.4}, release="0.9"))
    config = read_config(folder)
    assert (config.calibration, config.release) == ({"bias.cue": -0.4}, "0.9")


def test_a_folder_is_found(folder: Path) -> None:
    assert find_folder(folder) == find_folder(str(folder)) == folder


@pytest.mark.parametrize("name", ["/no/such/folder", "./nothing", "nothing", "a/b/c"])
def test_a_missing_folder(name: str) -> None:
    with pytest.raises(ModelError) as caught:
        find_folder(name)
    assert str(caught.value) == f"expected the folder of a checkpoint at {name}, found nothing"
    assert caught.value.hint is not None
    assert "config.json, model.safetensors and tokenizer.json" in caught.value.hint


def test_a_file_is_no_folder(folder: Path) -> None:
    with pytest.raises(ModelError, match="found a file"):
        find_folder(folder / "config.json")


def test_a_hub_name_that_cannot_be_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    asked = {}

    def fetch(name: str, allow_patterns: list[str]) -> str:
        asked[name] = allow_patterns
        raise OSError("no network")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    with pytest.raises(ModelError) as caught:
        find_folder("nobody/nothing-fiction")
    assert asked == {
        "nobody/nothing-fiction": [
            "config.json", "model.safetensors", "tokenizer.json", "README.md",
        ]
    }  # fmt: skip
    assert str(caught.value) == (
        "nobody/nothing-fiction is no folder here, and could not be fetched from the hub: OSError"
    )
    assert caught.value.hint == "check the name and the network, or pass a local folder"


def test_the_shipped_model_of_a_wheel_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "quotestance"
    monkeypatch.setattr(checkpoint, "__file__", str(package / "network" / "checkpoint.py"))
    wheel, checkout = package / "models" / "small", tmp_path / "site" / "models" / "small"
    with pytest.raises(ModelError) as caught:
        find_folder(None)
    assert str(caught.value) == (
        f"expected the shipped model in {wheel} or {checkout}, found neither"
    )
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("install the wheel again")
    for place in (checkout, wheel):
        place.mkdir(parents=True)
        (place / "config.json").write_text("{}", encoding="utf-8")
        assert find_folder(None) == place
