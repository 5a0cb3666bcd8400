"""What an import costs, and what the package promises to export."""

import subprocess
import sys

import pytest

import quotestance

HEAVY = ("torch", "transformers", "pandas", "pyarrow", "duckdb", "matplotlib", "datasets")


@pytest.mark.parametrize(
    "statement",
    [
        "import quotestance",
        "import quotestance; quotestance.Article('a'); quotestance.read_records",
        "import quotestance.articles, quotestance.render",
        "import quotestance.cli",
        "import quotestance.evaluation",
        "import quotestance.track",
    ],
)
def test_import_loads_nothing_heavy(statement):
    code = f"{statement}\nimport sys\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there():
    for name in quotestance.__all__:
        assert getattr(quotestance, name) is not None, name
    assert set(quotestance.__all__) <= set(dir(quotestance))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'quotestance' has no attribute 'quote'"):
        _ = quotestance.quote
