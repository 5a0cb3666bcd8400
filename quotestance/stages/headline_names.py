"""Names of people in headlines, where capitals say nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quotestance.quotes import Span
from quotestance.stages import gazetteer
from quotestance.stages.lexicon import FIRST_NAMES, ORG_HEADS, SENTENCE_WORDS
from quotestance.stages.mention import Mention
from quotestance.stages.name_runs import name_gender
from quotestance.stages.tokens import Token


def names_in_headlines(
    text: str, tokens: Sequence[Token], headline: Sequence[bool], mentions: Sequence[Mention]
) -> Iterator[Mention]:
    """Names that the rest of the text has, and ``Given Name Surname`` where it begins a run."""
    known: dict[str, tuple[tuple[str, ...], Mention]] = {}
    for mention in mentions:
        if mention.form == "name" and mention.type in ("person", "unknown") and not mention.known:
            words = gazetteer.words_key(mention.span.text)
            for k in (0, len(words) - 1):
                known.setdefault(words[k], (words, mention))
    taken = {m.span.start for m in mentions}
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if not headline[i] or not token.capital or token.start in taken or not token.key:
            i += 1
            continue
        end = _headline_name_end(tokens, i, known)
        if end is not None:
            span = Span(token.start, tokens[end - 1].end).of(text)
            gender = name_gender(token.key) if end - i > 1 else None
            yield Mention(span, "person", "name", gender, headline=True)
        i = end or i + 1


def _headline_name_end(
    tokens: Sequence[Token], i: int, known: dict[str, tuple[tuple[str, ...], Mention]]
) -> int | None:
    if tokens[i].key in known:
        words, mention = known[tokens[i].key]
        size = len(words)
        if tuple(t.key for t in tokens[i : i + size]) == words:
            return i + size
        if (
            i + 1 < len(tokens)
            and words[0] == tokens[i].key != words[-1]
            and tokens[i + 1].key == words[-1]
        ):
            return i + 2
        return i + 1 if words[-1] == tokens[i].key and mention.type == "person" else None
    if tokens[i].key in FIRST_NAMES and i + 1 < len(tokens) and not tokens[i].possessive:
        following = tokens[i + 1]
        if following.capital and following.key and following.start == tokens[i].end + 1:
            return i + 2 if following.key not in SENTENCE_WORDS | ORG_HEADS else None
    return None
