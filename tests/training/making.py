"""Labelled articles of invented people, with every label, made from patterns."""

from __future__ import annotations

import random
from pathlib import Path

from quotestance.quotes import Quote, Span, Speaker, Stance
from quotestance.records import AnnotatedArticle, write_records

NAMES = ("Ilsa Torvane", "Bram Oskel", "Mira Dunlath", "Corin Vash")
TOPICS = (("the harbour", "neutral"), ("the tram line", "critical"), ("the fair", "supportive"))
CLAIMS = {"neutral": "opens at nine", "critical": "is a disgrace", "supportive": "is a joy"}


def article(number: int, seed: int = 1, quotes: int = 4) -> AnnotatedArticle:
    """One labelled article; the last quote has a pronoun as its source."""
    draw = random.Random(f"{seed}-{number}")
    text, found, name = f"News of day {number} from Norrick. It rained on {seed}.\n\n", [], ""
    for i in range(quotes):
        topic, tone = draw.choice(TOPICS)
        last = i == quotes - 1
        name = name if last else draw.choice(NAMES)
        source = "She" if last else name
        start = len(text)
        content = f"that {topic} {CLAIMS[tone]} on day {draw.randint(1, 99)}"
        text += f"{source} said {content}.\n\n"
        says = start + len(source) + 1
        at = says + 5
        found.append(
            Quote(
                f"q{i}",
                (Span(at, at + len(content)),),
                (Span(says, says + 4),),
                (Span(start, start + len(source)),),
                kind="indirect",
                speakers=(Speaker(name, "person"),),
                stance=Stance(tone),
                target=topic,
                target_type="issue",
                target_span=Span(at + 5, at + 5 + len(topic)),
            )
        )
    return AnnotatedArticle(text=text, id=f"fiction-{seed}-{number}", quotes=tuple(found))


def articles(count: int, seed: int = 1) -> list[AnnotatedArticle]:
    """``count`` articles; other seeds give other articles."""
    return [article(number, seed) for number in range(count)]


def write(path: Path, count: int, seed: int = 1) -> Path:
    """A labelled file of ``count`` articles."""
    write_records(path, articles(count, seed))
    return path
