from __future__ import annotations

import pytest

from quotestance.stages.datelines import datelines


@pytest.mark.parametrize(
    "line",
    [
        "TARNHAVEN - ",
        "TARNHAVEN — ",
        "NEW LINDHAVEN, Norvale, May 3 (Coastwire) - ",
        "LINDHAVEN/TARNHAVEN (Coastwire) – ",
        "Lindhaven (CW) -- ",
        "(Coastwire) - ",
        "ÉLINE, March 4 — ",
    ],
)
def test_a_dateline_ends_after_its_dash(line: str) -> None:
    text = f"Bread prices fall\n\n{line}Prices fell, Dorrit Lane said.\n{line}Again."
    assert [text[start:end] for start, end in datelines(text)] == [line, line]


@pytest.mark.parametrize(
    "text",
    [
        "Lindhaven - a town by the sea - is dry.",
        "Petra Voss (Reform) said so - twice.",
        "VOSS: I will stay - for now.",
        "A well-known (Coastwire) report.",
        "The talks in TARNHAVEN - ",
        "",
    ],
)
def test_prose_with_dashes_and_brackets_has_none(text: str) -> None:
    assert datelines(text) == []
