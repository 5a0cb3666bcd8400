"""Articles that stand twice in the data, word for word or nearly so."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"\w+")
_PRIME = (1 << 31) - 1
# 32 bands of 4 rows: a pair that shares 60 % of its shingles meets in a band 99 times in 100,
# one that shares 20 % once in 20.
_BANDS, _ROWS = 32, 4
_WORDS = 3

Shingles = npt.NDArray[np.int64]


def shingles(text: str) -> Shingles:
    """Sorted hashes of the runs of three words of a text, case folded.

    Source: Broder, "On the resemblance and containment of documents" (1997).
    """
    words = [zlib.crc32(w.encode("utf-8", "surrogatepass")) for w in _WORD.findall(text.casefold())]
    hashes = np.array(words, dtype=np.int64) % _PRIME
    if len(hashes) < _WORDS:
        return np.unique(hashes)
    runs = np.zeros(len(hashes) - _WORDS + 1, dtype=np.int64)
    for i in range(_WORDS):
        runs = (runs * 1_000_003 + hashes[i : len(hashes) - _WORDS + 1 + i]) % _PRIME
    return np.unique(runs)


def resemblance(a: Shingles, b: Shingles) -> float:
    """Shared shingles over all shingles of two texts, from 0 to 1."""
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared) if shared else 0.0


class Duplicates:
    """Finds, for each text in turn, an earlier one that is the same or nearly the same.

    Time grows with the length of the texts, not with the number of pairs: texts meet only in the
    bands of their MinHash signatures.

    Args:
        near: Resemblance (0 to 1) from which two texts count as nearly the same.
    """

    def __init__(self, near: float = 0.6) -> None:
        self.near = near
        rng = np.random.default_rng(20261124)
        self._a = rng.integers(1, _PRIME, _BANDS * _ROWS)
        self._b = rng.integers(0, _PRIME, _BANDS * _ROWS)
        self._exact: dict[bytes, int] = {}
        self._bands: dict[tuple[int, bytes], list[int]] = {}
        self._shingles: list[Shingles] = []

    def add(self, text: str) -> tuple[int, float] | None:
        """Take in the next text.

        Returns:
            Number of the earlier text (from 0, in the order of the calls) and how much the two
            resemble each other, 1.0 only for the same text; None where there is none.
        """
        number = len(self._shingles)
        own = shingles(text)
        self._shingles.append(own)
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if key in self._exact:
            return self._exact[key], 1.0
        self._exact[key] = number
        best: tuple[int, float] | None = None
        for other in self._meet(own, number):
            share = resemblance(own, self._shingles[other])
            if share >= self.near and (best is None or share > best[1]):
                best = other, min(share, 0.999)
        return best

    def _meet(self, own: Shingles, number: int) -> Iterator[int]:
        if not len(own):
            return
        signature = ((own[:, None] * self._a + self._b) % _PRIME).min(axis=0)
        met: set[int] = set()
        for band, rows in enumerate(signature.reshape(_BANDS, _ROWS)):
            bucket = self._bands.setdefault((band, rows.tobytes()), [])
            met.update(bucket)
            bucket.append(number)
        yield from sorted(met)
