"""Saving and uploading a loaded model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from safetensors.torch import load_file

import quotestance as qs
from quotestance.stages.roster import Roster
from tests.tiny_model import tiny_folder  # noqa: F401 (a fixture)


@pytest.fixture
def nlp(tiny_folder: Path, tmp_path: Path) -> qs.Pipeline:  # noqa: F811
    import shutil

    folder = shutil.copytree(tiny_folder, tmp_path / "origin")
    (folder / "README.md").write_text("the card")
    (folder / "LICENSE.md").write_text("the terms")
    return qs.load(folder, device="cpu", roster=Roster.empty())


def test_a_saved_model_is_the_same_with_its_card_and_terms(
    nlp: qs.Pipeline, tmp_path: Path
) -> None:
    nlp.save_pretrained(tmp_path / "copy")
    assert (tmp_path / "copy" / "README.md").read_text() == "the card"
    assert (tmp_path / "copy" / "LICENSE.md").read_text() == "the terms"
    first, second = (
        load_file(tmp_path / name / "model.safetensors") for name in ("origin", "copy")
    )
    assert all(first[name].equal(second[name]) for name in first)
    qs.load(tmp_path / "copy", device="cpu", roster=Roster.empty())


def test_saving_where_a_file_is_says_so(nlp: qs.Pipeline, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(qs.ModelError, match=r"cannot be written to .*file"):
        nlp.save_pretrained(tmp_path / "file" / "model")


class FakeHub:
    """Stands in for ``HfApi``: remembers what would go over the network."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token

    def create_repo(self, name: str, *, private: bool, exist_ok: bool) -> str:
        self.made = (name, private, exist_ok)
        return f"https://hub.invalid/{name}"

    def upload_folder(self, *, repo_id: str, folder_path: str, **_: Any) -> None:
        uploads.append((repo_id, {path.name for path in Path(folder_path).iterdir()}))


uploads: list[tuple[str, set[str]]] = []


def test_push_uploads_a_whole_checkpoint(nlp: qs.Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads.clear()
    monkeypatch.setattr(huggingface_hub, "HfApi", FakeHub)
    assert nlp.push_to_hub("desk/model") == "https://hub.invalid/desk/model"
    assert uploads == [
        (
            "desk/model",
            {"config.json", "model.safetensors", "tokenizer.json", "README.md", "LICENSE.md"},
        )
    ]


def test_push_says_what_went_wrong(nlp: qs.Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: FakeHub, *_: Any, **__: Any) -> str:
        raise OSError("no route to host")

    monkeypatch.setattr(FakeHub, "create_repo", refuse)
    monkeypatch.setattr(huggingface_hub, "HfApi", FakeHub)
    with pytest.raises(
        qs.ModelError, match=r"desk/model could not be uploaded.*no route"
    ) as caught:
        nlp.push_to_hub("desk/model")
    assert "hf auth login" in (caught.value.hint or "")
