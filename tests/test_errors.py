"""Errors say what was expected, what was found and how to mend it."""

import copy
import pickle

import pytest

from quotestance.errors import InputError, MissingExtraError, ModelError, QuotestanceError


def test_input_error_names_file_line_and_field():
    error = InputError("expected a date", file="a.jsonl", line=3, field="date", hint="mend it")
    assert str(error) == "a.jsonl:3: field 'date': expected a date"
    assert error.hint == "mend it"
    assert error.__notes__ == ["Hint: mend it"]


def test_place_is_filled_in_once():
    error = InputError("expected a date", field="date").at("a.jsonl", 3)
    assert str(error.at("b.jsonl", 9)) == "a.jsonl:3: field 'date': expected a date"


def test_missing_extra_names_the_pip_command():
    error = MissingExtraError("to_pandas()", "data", "pandas")
    assert "to_pandas() needs the package 'pandas'" in str(error)
    assert error.hint == "pip install 'quotestance[data]'"
    assert isinstance(error, ImportError)


@pytest.mark.parametrize(
    "error",
    [
        InputError("expected x", file="f", line=1, field="g", hint="h"),
        MissingExtraError("f", "data", "pandas"),
        ModelError("gone", "fetch it"),
    ],
)
def test_errors_cross_process_borders(error):
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is type(error)
        assert isinstance(twin, QuotestanceError)
        assert str(twin) == str(error)
        assert twin.hint == error.hint
