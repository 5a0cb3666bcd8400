"""Labelled articles about invented people, to train on in tests."""

from __future__ import annotations

from typing import Any

from quotestance.quotes import Quote, Span, Speaker, Stance
from quotestance.records import AnnotatedArticle


def spans(text: str, *words: str) -> tuple[Span, ...]:
    """Where each of ``words`` first stands in the text."""
    return tuple(Span(text.index(w), text.index(w) + len(w)) for w in words)


def quote(text: str, name: str, content: str, source: str, cue: str, **labels: Any) -> Quote:
    return Quote(
        name, spans(text, content), spans(text, cue), spans(text, source),
        **{"speakers": (Speaker(source),), **labels},
    )  # fmt: skip


FIRST = (
    "Orla Venn said the harbor wall would hold.\n\n"
    "“We have the stone,” she told reporters.\n\n"
    "The boats came back in the evening, and the market on the quay opened an hour late because "
    "of the storm that had kept every crew at sea."
)
SECOND = (
    "Tomas Ikede denied that his members had asked for a strike.\n\n"
    "Kestria hopes that its neighbor will sign the treaty.\n\n"
    "The talks are to go on for another week in the old town hall, which was painted white for "
    "the purpose and has seen no guests since the spring."
)


def article(name: str = "first-fiction", text: str = FIRST) -> AnnotatedArticle:
    quotes: tuple[Quote, ...]
    if text is FIRST:
        quotes = (
            quote(text, "a", "the harbor wall would hold", "Orla Venn", "said",
                  stance=Stance("supportive"), target="the harbor wall", target_type="issue",
                  target_span=spans(text, "the harbor wall")[0]),
            quote(text, "b", "“We have the stone,”", "she", "told reporters",
                  stance=Stance("neutral")),
        )  # fmt: skip
    else:
        quotes = (
            quote(text, "a", "that his members had asked for a strike", "Tomas Ikede", "denied",
                  polarity="denied", stance=Stance("critical"), target="a strike",
                  target_type="action", target_span=spans(text, "a strike")[0]),
            quote(text, "b", "that its neighbor will sign the treaty", "Kestria", "hopes",
                  mode="thought", stance=Stance("supportive")),
        )  # fmt: skip
    return AnnotatedArticle(text=text, id=name, quotes=quotes)


def articles() -> list[AnnotatedArticle]:
    return [article(), article("second-fiction", SECOND)]
