"""The same quote in several papers: near-duplicates found, confirmed and put into one group.

Candidates share a band of their MinHash signatures over pairs of words; rapidfuzz confirms
them. Two quotes belong to one group where they are linked by a chain of confirmed pairs.

Source: A. Broder, "On the resemblance and containment of documents" (1997), for MinHash; its
banding as in Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3.
"""

from __future__ import annotations

import datetime
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from quotestance.track.extras import need

if TYPE_CHECKING:
    import pandas as pd

# 16 bands of 3: two quotes that share half of their word pairs meet with probability 0.88,
# a tenth of them with 0.02. A short cut of a long quote shares few of its pairs, so every
# third run of five words, chosen by its hash, is a band too.
BANDS, ROWS = 16, 3
RUN, EVERY = 5, 3
WINDOW_DAYS = 7
NEAREST = 20
SHORT_WORDS = 4
FULL_RATIO, TRIMMED_RATIO = 75.0, 90.0
TRIMMED = 0.8
NEAR = 12  # characters
_CHUNK = 10_000
# Words sketched at once: under 48 permutations they take four megabytes.
_AT_ONCE = 20_000
_FACTOR = np.uint32(0x9E3779B1)
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_NEGATIONS = frozenset({"no", "not", "never", "none", "nor", "neither", "nobody", "nothing",
                        "without", "cannot"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What decides whether two quotes are one: their words, speakers and place.

    Args:
        words: Lower-case words of the content, in order.
        speakers: Lower-case words of the name of each named speaker.
        article: Key of the article.
        span: First and last code point there.
    """

    words: tuple[str, ...]
    speakers: tuple[frozenset[str], ...]
    article: int
    span: tuple[int, int]


def words_of(text: str) -> tuple[str, ...]:
    """Lower-case words of a text, without its punctuation."""
    return tuple(_WORD.findall(text.casefold()))


def bands(texts: Iterable[str]) -> list[list[int]]:
    """The bands (32-bit numbers) of each text; texts that share one are candidates.

    A text of fewer than four words has a single band, of its words themselves; one without
    words has none.
    """
    split = [words_of(text) for text in texts]
    out = [
        [zlib.crc32(" ".join(words).encode())] if 0 < len(words) < SHORT_WORDS else []
        for words in split
    ]
    part: list[int] = []
    held = 0
    for i, words in enumerate(split):
        if len(words) >= SHORT_WORDS:
            part.append(i)
            held += len(words)
        if part and (held >= _AT_ONCE or i == len(split) - 1):
            codes = [[zlib.crc32(word.encode()) for word in split[k]] for k in part]
            for k, own in zip(part, _bands_of(codes), strict=True):
                out[k] = own
            part, held = [], 0
    return out


def _bands_of(texts: Sequence[Sequence[int]]) -> list[list[int]]:
    """Bands of texts of four words or more, each given by the hashes of its words."""
    flat = np.array([code for codes in texts for code in codes], dtype=np.uint32)
    sizes = np.array([len(codes) for codes in texts])
    starts = np.cumsum(sizes) - sizes
    of = np.repeat(np.arange(len(texts)), sizes)
    sketches = minima(_grams(flat, 2)[of[1:] == of[:-1]], sizes - 1)
    rows = sketches.astype("<u4").reshape(len(texts), BANDS, ROWS)
    out = [[zlib.crc32(row.tobytes(), band) for band, row in enumerate(text)] for text in rows]
    runs = _grams(flat, RUN)
    for own, start, size in zip(out, starts.tolist(), sizes.tolist(), strict=True):
        found = np.unique(runs[start : max(start, start + size - RUN + 1)])
        own += found[found % EVERY == 0].tolist()
    return out


def minima(codes: NDArray[np.uint32], sizes: NDArray[np.int64]) -> NDArray[np.uint32]:
    """MinHash sketches of many sets at once, equal to those that datasketch makes one by one.

    Args:
        codes: Hashes of the members of all sets, one set after the other.
        sizes: How many belong to each set, at least one.

    Returns:
        Shape (sets, BANDS * ROWS).
    """
    # The scheme is named, because the bands of a ledger outlive the version that wrote them.
    sketch = need("datasketch").MinHash(num_perm=BANDS * ROWS, scheme="affine32")
    a, b = sketch.permutations
    permuted = _mixed(codes)[:, None] * a + b
    return np.asarray(np.minimum.reduceat(permuted, np.cumsum(sizes) - sizes, axis=0))


def _grams(codes: NDArray[np.uint32], size: int) -> NDArray[np.uint32]:
    """A hash of each run of so many words, one from each place on, in 32 bits.

    Source: U. Manber, "Finding similar files in a large file system" (1994).
    """
    out = np.zeros(max(0, len(codes) - size + 1), dtype=np.uint32)
    for i in range(size):
        out = out * _FACTOR + codes[i : i + len(out)]
    return _mixed(out)


def _mixed(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The finalizer of MurmurHash3, which datasketch puts before its permutations."""
    values = (values ^ (values >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    values = (values ^ (values >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return np.asarray(values ^ (values >> np.uint32(16)))


def same_words(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two contents are one quote: reworded a little, or one a cut of the other.

    Their negations and numbers must agree, of a cut one with those of the part that it keeps:
    ``will`` and ``will not`` differ in four letters.
    """
    fuzz = need("rapidfuzz.fuzz")
    short, long = sorted((a, b), key=len)
    if len(short) < SHORT_WORDS:
        return short == long
    left, right = " ".join(short), " ".join(long)
    if len(left) >= TRIMMED * len(right):
        same = _turns(short) == _turns(long)
        return same and bool(fuzz.ratio(left, right, score_cutoff=FULL_RATIO))
    at = fuzz.partial_ratio_alignment(left, right, score_cutoff=TRIMMED_RATIO)
    if at is None:
        return False
    # A "not" that stands just before the place of the cut belongs to what was kept.
    kept = right[max(0, at.dest_start - NEAR) : at.dest_end]
    return _turns(short) == _turns(kept.split())


def _turns(words: Sequence[str]) -> list[str]:
    """The words that turn a sentence round, sorted: numbers and negations."""
    negated = ["not" for w in words if w in _NEGATIONS or w.endswith(("n't", "n’t"))]
    return negated + sorted(w for w in words if any(c.isdigit() for c in w))


def is_duplicate(a: Said, b: Said) -> bool:
    """Whether two quotes are appearances of one: like words, and speakers that can be one."""
    if a.article == b.article and a.span[0] < b.span[1] and b.span[0] < a.span[1]:
        return False  # a quote within a quote
    if a.speakers and b.speakers:
        if not any(x <= y or y <= x for x in a.speakers for y in b.speakers):
            return False
    elif len(a.words) < SHORT_WORDS or len(b.words) < SHORT_WORDS:
        return False  # "no comment" of two unnamed people
    return same_words(a.words, b.words)


def add(con: Any, fresh: Sequence[int], loose: Sequence[int] = ()) -> None:
    """Find the groups of quotes.

    Args:
        con: A writable connection within a transaction.
        fresh: Keys of quotes that have just been stored.
        loose: Keys of quotes that ``remove`` took out of their groups.
    """
    for start in range(0, len(loose), _CHUNK):
        _group(con, list(loose[start : start + _CHUNK]))
    for start in range(0, len(fresh), _CHUNK):
        chunk = list(fresh[start : start + _CHUNK])
        _store_bands(con, chunk)
        _group(con, chunk)


def _group(con: Any, keys: list[int]) -> None:
    pairs = _candidates(con, keys)
    said = _said(con, sorted({key for pair in pairs for key in pair}))
    _link(con, [(a, b) for a, b in pairs if is_duplicate(said[a], said[b])])


def remove(con: Any, articles: Sequence[int]) -> list[int]:
    """Take the quotes of some articles out of their groups, before they are deleted.

    Returns:
        Keys of the quotes that were grouped with them, now ungrouped: pass them to ``add``.
    """
    own = "SELECT key FROM quotes WHERE article IN (SELECT unnest(?::BIGINT[]))"
    left = con.execute(
        "DELETE FROM duplicates WHERE group_key IN "
        f"(SELECT group_key FROM duplicates WHERE quote IN ({own})) RETURNING quote",
        [list(articles)],
    ).fetchall()
    con.execute(f"DELETE FROM bands WHERE quote IN ({own})", [list(articles)])
    gone = {key for (key,) in con.execute(own, [list(articles)]).fetchall()}
    return sorted({key for (key,) in left} - gone)


def variants(con: Any, article: str, quote: str) -> pd.DataFrame:
    """The group of one quote, first appearance first.

    Returns:
        ``article``, ``outlet``, ``date``, ``quote``, ``speaker``, ``content``, and ``kept``:
        the share of the words of the fullest wording that this one keeps, 0 to 1; below 1 the
        outlet cut or changed it.

    Raises:
        KeyError: The ledger has no such quote.
    """
    common = need("rapidfuzz.distance.LCSseq")
    row = con.execute(
        "SELECT group_key FROM appearances WHERE article = ? AND quote = ?", [article, quote]
    ).fetchone()
    if row is None:
        raise KeyError((article, quote))
    table = con.execute(
        "SELECT article, outlet, date, quote, string_agg(speaker, '; ') AS speaker, "
        "any_value(content) AS content FROM appearances WHERE group_key = ? "
        "GROUP BY quote_key, article, outlet, date, quote ORDER BY date NULLS LAST, quote_key",
        [row[0]],
    ).df()
    split = [words_of(content) for content in table["content"]]
    fullest = max(split, key=len)
    kept = [common.similarity(words, fullest) / max(1, len(fullest)) for words in split]
    return table.assign(kept=kept)


def rebuild(con: Any) -> None:
    """Find the groups of all quotes anew."""
    con.execute("DELETE FROM bands")
    con.execute("DELETE FROM duplicates")
    add(con, [key for (key,) in con.execute("SELECT key FROM quotes ORDER BY key").fetchall()])


def _store_bands(con: Any, keys: list[int]) -> None:
    found = con.execute(
        "SELECT q.key, q.content, a.date FROM quotes q JOIN articles a ON a.key = q.article "
        "WHERE q.key IN (SELECT unnest(?::BIGINT[])) ORDER BY q.key",
        [keys],
    ).fetchall()
    pa = need("pyarrow")
    each = bands(content for _, content, _ in found)
    batch = pa.table(
        {
            "band": pa.array([band for one in each for band in one], pa.uint32()),
            "quote": pa.array([q[0] for q, one in zip(found, each, strict=True) for _ in one],
                              pa.int64()),
            "date": pa.array([q[2] for q, one in zip(found, each, strict=True) for _ in one],
                             pa.date32()),
        }
    )  # fmt: skip
    con.register("batch", batch)
    con.execute("INSERT INTO bands SELECT * FROM batch")
    con.unregister("batch")


def _candidates(con: Any, keys: list[int]) -> list[tuple[int, int]]:
    """Pairs that share a band, at most a week apart, each of a key and an earlier one.

    Each quote meets the twenty that share most bands alone, so that a phrase that stands in
    thousands of articles does not cost the square of them; the chain of pairs joins them all
    the same.
    """
    # Said again of the whole batch, so that DuckDB skips what lies outside its days unread.
    first, last, undated = con.execute(
        "SELECT min(date), max(date), bool_or(date IS NULL) FROM bands "
        "WHERE quote IN (SELECT unnest(?::BIGINT[]))",
        [keys],
    ).fetchone()
    near, days = "", []
    if first is not None and not undated:
        margin = datetime.timedelta(days=WINDOW_DAYS)
        near = "(old.date BETWEEN ? AND ? OR old.date IS NULL) AND"
        days = [first - margin, last + margin]
    return con.execute(  # type: ignore[no-any-return]
        f"""
        WITH new AS (SELECT * FROM bands WHERE quote IN (SELECT unnest(?::BIGINT[]))),
        met AS (
            SELECT new.quote AS later, old.quote AS earlier, count(*) AS shared
            FROM bands old JOIN new ON old.band = new.band AND old.quote < new.quote
            WHERE {near} coalesce(abs(date_diff('day', new.date, old.date)), 0) <= {WINDOW_DAYS}
            GROUP BY new.quote, old.quote
        )
        SELECT later, earlier FROM met
        QUALIFY row_number() OVER (PARTITION BY later ORDER BY shared DESC, earlier) <= {NEAREST}
        ORDER BY later, earlier
        """,
        [keys, *days],
    ).fetchall()


def _said(con: Any, keys: list[int]) -> dict[int, Said]:
    found = con.execute(
        "SELECT q.key, any_value(q.content), any_value(q.article), "
        'any_value(coalesce(q."start", 0)), any_value(coalesce(q."end", 0)), '
        "list(s.name ORDER BY s.position) FROM quotes q LEFT JOIN speakers s ON s.quote = q.key "
        "WHERE q.key IN (SELECT unnest(?::BIGINT[])) GROUP BY q.key",
        [keys],
    ).fetchall()
    return {
        key: Said(
            words_of(content),
            tuple(frozenset(words_of(name)) for name in names if name),
            article,
            (start, end),
        )
        for key, content, article, start, end, names in found
    }


def _link(con: Any, pairs: Sequence[tuple[int, int]]) -> None:
    """Join the groups of confirmed pairs; a group is called by the lowest key in it."""
    if not pairs:
        return
    touched = sorted({key for pair in pairs for key in pair})
    before = con.execute(
        "SELECT quote, group_key FROM duplicates WHERE group_key IN (SELECT group_key FROM "
        "duplicates WHERE quote IN (SELECT unnest(?::BIGINT[])))",
        [touched],
    ).fetchall()
    root: dict[int, int] = {}
    for a, b in [*before, *pairs]:
        x, y = _find(root, a), _find(root, b)
        root[max(x, y)] = min(x, y)
    con.execute(
        "DELETE FROM duplicates WHERE quote IN (SELECT unnest(?::BIGINT[]))",
        [[quote for quote, _ in before]],
    )
    members = sorted({*touched, *(quote for quote, _ in before)})
    _insert_groups(con, {key: _find(root, key) for key in members})


def _insert_groups(con: Any, groups: Mapping[int, int]) -> None:
    con.execute(
        "INSERT INTO duplicates SELECT unnest(?::BIGINT[]), unnest(?::BIGINT[])",
        [list(groups), list(groups.values())],
    )


def _find(root: dict[int, int], key: int) -> int:
    while root.setdefault(key, key) != key:
        root[key] = root.setdefault(root[key], root[key])
        key = root[key]
    return key
