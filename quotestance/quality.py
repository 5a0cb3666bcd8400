"""What a reader of the results should know about a text: another language, HTML."""

from __future__ import annotations

import re

_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]{0,500})?/?>")
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 20_000
_COMMON = frozenset(
    "the of and to in a is that for it on was with as he be by at his from are this an have had "
    "has not but they will were or which we said she who their its been would there you i".split()
)
#: English running text has about four of ten words in ``_COMMON``; headlines two.
_LEAST_COMMON = 0.12
_LEAST_WORDS = 40
_LEAST_LETTERS = 40
_LAST_LATIN = "\u024f"


def text_warnings(text: str) -> tuple[str, ...]:
    """Warnings about a text; nothing is cleaned.

    Args:
        text: Any string; its first 20,000 code points are looked at.

    Returns:
        One sentence for each finding.
    """
    sample = text[:_SAMPLE]
    found = []
    tags = len(_TAG.findall(sample))
    if tags >= 3 and tags * 200 > len(sample):
        found.append(
            f"the text looks like HTML ({tags} tags in its first {len(sample)} characters); "
            "quotes were sought in it as it stands"
        )
    reason = _foreign(sample)
    if reason:
        found.append(
            f"the text does not look like English ({reason}); the model knows only English"
        )
    return tuple(found)


def _foreign(sample: str) -> str | None:
    """What speaks against English, or None; short texts are given the benefit of the doubt."""
    letters = [character for character in sample if character.isalpha()]
    others = sum(character > _LAST_LATIN for character in letters)
    if len(letters) >= _LEAST_LETTERS and 2 * others > len(letters):
        return f"{others / len(letters):.0%} of its letters are of another script"
    words = [word.lower() for word in _WORD.findall(sample)]
    share = sum(word in _COMMON for word in words) / max(1, len(words))
    if len(words) >= _LEAST_WORDS and share < _LEAST_COMMON:
        return f"{share:.0%} of its words are common English ones"
    return None
