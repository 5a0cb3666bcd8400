"""Made examples of headlines: PolNeAR's are American, in title case, and end in a full stop.

Others write ``Strike will go on, say dockers`` or ``Bridge 'not safe': engineers``. What a labelled
sentence reports becomes such a headline, over paragraphs without a quote; and the headlines of the
corpus are seen without their full stop and in the case of sentences.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle
from quotestance.text import paragraphs
from quotestance.training.nested import UNKNOWN, Report, find_reports, plain_paragraphs

_LONGEST = 14  # words of a made headline's content
_LONGEST_SOURCE = 4
_CUES = ("say", "warn", "claim", "admit", "insist", "vow", "find", "tell", "urge", "argue")
_STYLES = ("says who", "says who", "who says", "who: what", "what: who", "what - who", "what")
_MARKS = (("‘", "’"), ("'", "'"), ("“", "”"), ("", ""), ("", ""))
_PRONOUNS = frozenset("he she they it we i you who that which this those".split())
_SAID = frozenset("said says say added adds argued argues insisted warned wrote noted".split())
_ARTICLE = re.compile(r"\b(?:the|a|an) ", re.IGNORECASE)


def as_sentence(text: str) -> str:
    """The text with its headline as others print it, every offset as before.

    The full stop that ends the first paragraph becomes a space, and its words lose the capital
    where the rest of the article writes them without one. A text without such a headline is
    returned as it is.
    """
    found = next(iter(paragraphs(text)), None)
    if found is None or found[1] == len(text):
        return text
    head, rest = text[found[0] : found[1]], text[found[1] :]
    if not head.rstrip().endswith(".") or head.count(". ") or len(head.split()) > 20:
        return text
    stop = head.rstrip()[:-1]
    small = set(re.findall(r"\b[a-z]+\b", rest))

    def lowered(match: re.Match[str]) -> str:
        word = match[0]
        return word.lower() if match.start() and word.lower() in small else word

    headline = re.sub(r"\b[A-Z][a-z]+\b", lowered, stop).ljust(len(head))
    return text[: found[0]] + headline + rest


class HeadlineWriter:
    """Writes short articles whose headline reports what somebody said.

    Args:
        docs: Labelled articles to draw reports and paragraphs from.
        seed: Seed of the draws.
    """

    def __init__(self, docs: Sequence[AnnotatedArticle], seed: int) -> None:
        self._random = random.Random(f"headlines-{seed}")
        self._reports = [report for report in find_reports(docs) if _fits(report)]
        self._plain = plain_paragraphs(docs)

    def __bool__(self) -> bool:
        return bool(self._reports and self._plain)

    def article(self, name: str) -> AnnotatedArticle:
        """An article of a made headline and a paragraph or two without any quote."""
        draw = self._random
        parts, roles = _headline(draw.choice(self._reports), draw)
        text = ""
        spans: dict[str, Span] = {}
        for role, part in zip(roles, parts, strict=True):
            if role:
                spans[role] = Span(len(text), len(text) + len(part))
            text += part
        if draw.random() < 0.15:
            upper = text.upper()
            text = upper if len(upper) == len(text) else text
        body = [draw.choice(self._plain) for _ in range(draw.choice((1, 2)))]
        content, cue, source = (
            (spans[role],) if role in spans else () for role in ("content", "cue", "source")
        )
        quote = Quote("q1", content, cue, source, unlabelled=UNKNOWN)
        return AnnotatedArticle(text="\n\n".join([text, *body]), id=name, quotes=(quote,))


def _fits(report: Report) -> bool:
    source = report.text[report.source.start : report.source.end].split()
    content = report.text[report.content.start : report.content.end].split()
    cue = report.text[report.cue.start : report.cue.end]
    return (
        # What is said is a clause; what is praised or urged, often a phrase.
        (cue in _SAID or content[0] == "that")
        and len(source) <= _LONGEST_SOURCE
        and 3 <= len(content) <= _LONGEST
        and source[0].lower() not in _PRONOUNS
        and not set(report.text) & set('“”"‘()—')
    )


def _headline(report: Report, draw: random.Random) -> tuple[list[str], list[str]]:
    """Pieces of a headline, and the role of each, ``""`` for none."""
    said = _ARTICLE.sub("", report.text[report.content.start : report.content.end])
    said = said.removeprefix("that ").strip(" ,.;:")
    who = _ARTICLE.sub("", report.text[report.source.start : report.source.end]).strip(" ,")
    cue = draw.choice(_CUES)
    if draw.random() < 0.6:
        cue += "s"
    style = draw.choice(_STYLES)
    opening, closing = draw.choice(_MARKS)
    if style == "what" and not opening:
        opening, closing = "‘", "’"
    first = said[:1].upper() + said[1:]
    quoted, inner = f"{opening}{first}{closing}", f"{opening}{said}{closing}"
    name = who[:1].upper() + who[1:]
    if style == "says who":
        pair = [cue, " ", who] if draw.random() < 0.7 else [who, " ", cue]
        roles = ["cue", "", "source"] if pair[0] == cue else ["source", "", "cue"]
        return [quoted, ", ", *pair], ["content", "", *roles]
    if style == "who says":
        return [name, " ", cue, " ", inner], ["source", "", "cue", "", "content"]
    if style == "who: what":
        return [name, ": ", quoted], ["source", "", "content"]
    if style == "what":
        return [quoted], ["content"]
    between = draw.choice((" - ", " – ")) if style == "what - who" else ": "
    return [quoted, between, who], ["content", "", "source"]
