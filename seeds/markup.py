"""Marked-up articles (``seeds/challenge/*.txt``) into labelled records.

The markup is described in ``seeds/README.md``. Run without arguments to rebuild
``seeds/challenge.jsonl`` and ``seeds/seed-article.jsonl``; with ``--check`` to say which of
them differs from its sources, changing nothing.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quotestance.errors import InputError
from quotestance.jsonl import decode
from quotestance.quotes import KINDS, MODES, POLARITIES, SPEAKER_TYPES, STANCES, TARGET_TYPES
from quotestance.records import AnnotatedArticle

HERE = Path(__file__).resolve().parent

PHENOMENA = (
    *("denial", "via", "two-speakers", "quote-in-quote", "paragraphs-without-cue"),
    *("pronoun-source", "title-source", "organization", "unnamed-source"),
    *("scare-quotes-and-titles", "headlines", "split-quotes", "multi-paragraph", "mark-styles"),
)

_ROLES = {"c": "content", "q": "cue", "s": "source", "t": "target"}
_OPEN = re.compile(r"\{([csqt]\d+(?:\+[csqt]\d+)*):")
_HEAD = re.compile(r"(\d+)\s+(.+)")
_NAME = re.compile(r"(.+?)(?:\s*\((\w+)\))?")
_ARTICLE_KEYS = ("date", "outlet", "title", "note")
# An opening and the closing mark that answers it; a straight mark answers itself.
_MARKS = {"“": "”", "«": "»", '"': '"', "``": "''", "‘": "’", "„": "“", "'": "'", "‹": "›"}


@dataclass
class _Pieces:
    """Spans of one quote by role."""

    content: list[list[int]] = field(default_factory=list)
    cue: list[list[int]] = field(default_factory=list)
    source: list[list[int]] = field(default_factory=list)
    target: list[list[int]] = field(default_factory=list)


def read_marked(path: Path, phenomenon: str | None = None) -> list[dict[str, Any]]:
    """The records of one marked-up file.

    Args:
        path: A UTF-8 file of articles, each opened by a line ``=== ID``.
        phenomenon: Written into each record under the key ``phenomenon``; None leaves it out.

    Returns:
        JSON objects in the record format.

    Raises:
        InputError: Markup and labels contradict each other; names file, line and quote.
    """
    records = []
    for line, name, block in _blocks(path):
        try:
            record = _record(name, block)
            if phenomenon is not None:
                record["phenomenon"] = phenomenon
            AnnotatedArticle.from_dict(record)
        except InputError as error:
            raise InputError(
                f"{name}: {error.reason}", file=path, line=line, field=error.field, hint=error.hint
            ) from None
        records.append(record)
    return records


def _blocks(path: Path) -> Iterator[tuple[int, str, list[str]]]:
    """Line number, id and lines of each article of a file."""
    name, start, block = "", 0, list[str]()
    # Split at "\n" only: a text may hold U+2028, U+0085 and the like.
    for number, line in enumerate(decode(path.read_bytes(), path).split("\n"), 1):
        if line.startswith("=== "):
            if name:
                yield start, name, block
            name, start, block = line[4:].strip(), number, []
        elif name:
            block.append(line)
        elif line.strip() and not line.startswith("#"):
            raise InputError("expected '=== ID' or a comment", file=path, line=number)
    if name:
        yield start, name, block


def _record(name: str, block: list[str]) -> dict[str, Any]:
    if "---" not in block:
        raise InputError("expected a line '---' between labels and text, found none")
    cut = block.index("---")
    text, pieces = parse_text("\n".join(block[cut + 1 :]).strip("\n"))
    record: dict[str, Any] = {"id": name, "outlet": None, "date": None, "text": text}
    labels: dict[str, dict[str, Any]] = {}
    for line in block[:cut]:
        if not line.strip() or line.startswith("#"):
            continue
        key, colon, value = line.partition(": ")
        if colon and key in _ARTICLE_KEYS:
            record[key] = value.strip()
            continue
        match = _HEAD.fullmatch(line.strip())
        if match is None:
            raise InputError(f"expected 'NUMBER SPEAKER | STANCE -> TARGET', found {line!r}")
        if match[1] in labels:
            raise InputError(f"quote {match[1]} has two label lines")
        labels[match[1]] = _labels(match[2], match[1])
    _check_same_quotes(pieces, labels)
    quotes = [_quote(number, pieces[number], labels[number], text) for number in labels]
    quotes.sort(key=lambda quote: (quote["content"][0][0], -quote["content"][-1][1]))
    _set_inside(quotes)
    record["quotes"] = quotes
    return record


def parse_text(marked: str) -> tuple[str, dict[str, _Pieces]]:
    r"""Text without its markup, and the spans of each quote by number.

    Args:
        marked: Text with ``{c1:...}``, ``{q1:...}``, ``{s1:...}``, ``{t1:...}``; braces nest,
            ``{s1+t2:...}`` gives one stretch several roles, ``\{``, ``\}`` and ``\\`` are
            the characters themselves.

    Raises:
        InputError: A brace is left open, closes nothing, or opens no known role.
    """
    out: list[str] = []
    size = at = 0
    stack: list[tuple[str, int]] = []
    pieces: dict[str, _Pieces] = {}
    while at < len(marked):
        char = marked[at]
        if char == "\\" and marked[at + 1 : at + 2] in ("{", "}", "\\"):
            at += 1
            char = marked[at]
        elif char == "{":
            match = _OPEN.match(marked, at)
            if match is None:
                raise InputError(f"expected a role such as c1, found {marked[at : at + 12]!r}")
            stack.append((match[1], size))
            at = match.end()
            continue
        elif char == "}":
            if not stack:
                raise InputError(f"a brace closes nothing after {''.join(out)[-20:]!r}")
            roles, start = stack.pop()
            _add(pieces, roles, [start, size], "".join(out))
            at += 1
            continue
        out.append(char)
        size += 1
        at += 1
    if stack:
        raise InputError(f"{{{stack[-1][0]}: is never closed")
    for quote in pieces.values():
        for spans in (quote.content, quote.cue, quote.source, quote.target):
            spans.sort()
    return "".join(out), pieces


def _add(pieces: dict[str, _Pieces], roles: str, span: list[int], text: str) -> None:
    words = text[span[0] : span[1]]
    if not words or words != words.strip():
        raise InputError(f"{roles}: expected words without space at the edges, found {words!r}")
    for role in roles.split("+"):
        getattr(pieces.setdefault(role[1:], _Pieces()), _ROLES[role[0]]).append(list(span))


def _labels(line: str, number: str) -> dict[str, Any]:
    """One label line: ``SPEAKER + SPEAKER | STANCE -> TARGET (TYPE) | FLAG | ...``."""
    parts = [part.strip() for part in line.split(" | ")]
    if len(parts) < 2:
        raise InputError(f"quote {number}: expected 'SPEAKER | STANCE -> TARGET', found {line!r}")
    out: dict[str, Any] = {
        "speakers": [_speaker(part) for part in parts[0].split(" + ")],
        "via": [],
        "polarity": "affirmed",
        "mode": "speech",
    }
    out |= _stance(parts[1])
    for flag in parts[2:]:
        if flag.startswith("via "):
            names = [[name.strip() for name in part.split(" = ")] for part in flag[4:].split(" < ")]
            out["via"] = [name for name, *_ in names]
            if any(others for _, *others in names):
                out["via_aliases"] = {name: others for name, *others in names if others}
        elif flag in POLARITIES:
            out["polarity"] = flag
        elif flag in MODES:
            out["mode"] = flag
        elif flag in KINDS:  # written after the worked-out kind, so it wins
            out["kind"] = flag
        elif flag == "no-quote":
            out["is_quote"] = False
        else:
            raise InputError(f"quote {number}: unknown flag {flag!r}")
    return out


def _speaker(part: str) -> dict[str, Any]:
    names, kind = _typed(part, SPEAKER_TYPES, "person")
    if names == ["?"]:
        return {"name": None, "type": kind}
    return {"name": names[0], "type": kind} | ({"aliases": names[1:]} if names[1:] else {})


def _stance(part: str) -> dict[str, Any]:
    stance, arrow, target = (piece.strip() for piece in part.partition("->"))
    label, *alternatives = stance.split("/")
    for value in (label, *alternatives):
        if value not in STANCES:
            raise InputError(f"expected a stance of {', '.join(STANCES)}, found {value!r}")
    if len(alternatives) > 1 or not arrow:
        raise InputError(f"expected 'STANCE[/STANCE] -> TARGET (TYPE)', found {part!r}")
    out: dict[str, Any] = {"stance": label, "target": None, "target_type": None}
    if alternatives:
        out["stance_alternative"] = alternatives[0]
    if target == "none":
        if label != "neutral":
            raise InputError(f"a {label} quote needs a target, found none")
        return out
    names, kind = _typed(target, TARGET_TYPES, None)
    out |= {"target": names[0], "target_type": kind}
    return out | ({"target_aliases": names[1:]} if names[1:] else {})


def _typed(part: str, types: tuple[str, ...], default: str | None) -> tuple[list[str], str]:
    """``NAME = OTHER NAME (TYPE)`` as its names and type."""
    match = _NAME.fullmatch(part.strip())
    if match is None:
        raise InputError(f"expected 'NAME (TYPE)', found {part!r}")
    kind = match[2] or default
    if kind not in types:
        raise InputError(f"{match[1]!r}: expected a type of {', '.join(types)}, found {kind!r}")
    names = [name.strip() for name in match[1].split(" = ")]
    if any("(" in name for name in names) or "?" in names[1:] or names[0] == "?" != match[1]:
        raise InputError(f"expected 'NAME = OTHER NAME (TYPE)' or '? (TYPE)', found {part!r}")
    return names, kind


def _check_same_quotes(pieces: dict[str, _Pieces], labels: dict[str, dict[str, Any]]) -> None:
    for number in pieces.keys() - labels.keys():
        raise InputError(f"quote {number} is marked in the text and has no label line")
    for number in labels.keys() - pieces.keys():
        raise InputError(f"quote {number} has a label line and is not marked in the text")


def _quote(number: str, pieces: _Pieces, labels: dict[str, Any], text: str) -> dict[str, Any]:
    if not pieces.content:
        raise InputError(f"quote {number} has no content (no {{c{number}:...}} in the text)")
    if len(pieces.target) > 1:
        raise InputError(f"quote {number} has {len(pieces.target)} target spans; mark one")
    if bool(pieces.target) != (labels["target"] is not None):
        raise InputError(
            f"quote {number}: target {labels['target']!r}, {len(pieces.target)} target spans",
            hint=f"mark the words that name the target with {{t{number}:...}}, or write -> none",
        )
    for first, second in zip(pieces.content, pieces.content[1:], strict=False):
        if second[0] < first[1]:
            raise InputError(f"quote {number}: two content pieces overlap")
    for role in (pieces.cue, pieces.source):
        for span in role:
            if any(span[0] < end and start < span[1] for start, end in pieces.content):
                words = text[span[0] : span[1]]
                raise InputError(f"quote {number}: {words!r} stands inside its own content")
    quote: dict[str, Any] = {"id": f"q{number}", "content": pieces.content, "cue": pieces.cue}
    quote |= {"source": pieces.source, "kind": kind_of([text[s:e] for s, e in pieces.content])}
    quote |= labels
    quote["target_span"] = pieces.target[0] if pieces.target else None
    return quote


def kind_of(contents: list[str]) -> str:
    """``direct`` where every piece stands in marks, ``mixed`` where marks stand in one.

    A piece that opens with a mark and holds no closing one counts as in marks: the quote runs
    on in the next paragraph.
    """
    shares = [_marked_share(words) for words in contents]
    if all(share == "all" for share in shares):
        return "direct"
    return "indirect" if all(share == "none" for share in shares) else "mixed"


def _marked_share(words: str) -> str:
    for opening, closing in _MARKS.items():
        if words.startswith(opening):
            rest = words[len(opening) :].rstrip(",.?!…—-")
            inner = rest.removesuffix(closing)
            ends = inner != rest
            closed_before = opening not in ("‘", "'") and closing in inner
            if (ends and not closed_before) or not (ends or closed_before):
                return "all"
    single = re.search(r"(?<!\w)['‘](?=\w).*?\w[,.?!]?['’](?!\w)", words, re.DOTALL)
    return "some" if re.search(r"[“”\"«»„]|``|''", words) or single else "none"


def _set_inside(quotes: list[dict[str, Any]]) -> None:
    """Name, for each quote, the smallest other quote whose content holds all of its own."""
    for inner in quotes:
        around = [outer for outer in quotes if outer is not inner and _holds(outer, inner)]
        if not around:
            continue
        outer = min(around, key=lambda quote: sum(e - s for s, e in quote["content"]))
        inner["inside"] = outer["id"]
        names = {speaker["name"] for speaker in outer["speakers"]} - {None}
        own = {speaker["name"] for speaker in inner["speakers"]}
        if names and not names & {*inner["via"], *own}:
            raise InputError(
                f"{inner['id']} stands inside {outer['id']} and its via names none of "
                + ", ".join(sorted(names)),
                hint="words of a third party inside a quote have the outer speaker as via",
            )


def _holds(outer: dict[str, Any], inner: dict[str, Any]) -> bool:
    return outer["content"] != inner["content"] and all(
        any(a <= s and e <= b for a, b in outer["content"]) for s, e in inner["content"]
    )


def build() -> dict[Path, str]:
    """The text of each generated file by path.

    Raises:
        InputError: A source file is inconsistent, an id repeats or is not one of fiction.
    """
    seen: dict[str, Path] = {}
    lines = []
    for phenomenon in PHENOMENA:
        path = HERE / "challenge" / f"{phenomenon}.txt"
        for record in read_marked(path, phenomenon) if path.exists() else []:
            if record["id"] in seen:
                raise InputError(f"id {record['id']!r} stands in {seen[record['id']]}", file=path)
            if "fiction" not in record["id"]:
                raise InputError(f"the id {record['id']!r} lacks 'fiction'", file=path)
            seen[record["id"]] = path
            lines.append(_line(record))
    out = {HERE / "challenge.jsonl": "".join(lines)}
    marked = HERE / "seed-article.marked.txt"
    return out | {HERE / "seed-article.jsonl": "".join(map(_line, read_marked(marked)))}


def _line(record: dict[str, Any]) -> str:
    return AnnotatedArticle.from_dict(record).to_json() + "\n"


def main() -> int:
    """Rebuild the generated files, or check them; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if stale")
    check = parser.parse_args().check
    stale = 0
    try:
        built = build()
    except InputError as error:
        sys.stderr.write(f"error: {error}\n" + (f"hint: {error.hint}\n" if error.hint else ""))
        return 2
    for path, text in built.items():
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale = 1
        if not check:
            path.write_text(text, "utf-8", newline="\n")
        sys.stdout.write(f"{'stale' if check else 'written'}: {path}\n")
    return stale if check else 0


if __name__ == "__main__":
    sys.exit(main())
