"""Words that no source stands by: who goes on speaking.

A cue without a subject has the subject of the cue that it hangs on (``he said, adding that``,
``she told X that ... and said``); words in marks without a cue go on from the speaker before; and
a headline without a speaker has the one of the words of the article that it repeats.
"""

from __future__ import annotations

import bisect
import dataclasses
import re
from collections.abc import Mapping

from quotestance.quotes import Quote, Span
from quotestance.stages.naming import Answer, Naming, again
from quotestance.stages.people import People

_PARAGRAPH = re.compile(r"\n\s*")
_WORD = re.compile(r"[^\W\d_][\w’'-]+")
_LONGEST_HEADLINE = 200
_SHARE = 0.5  # of the words of a headline, at least, that the quote which it repeats must have


class Continuation:
    """Finds the speaker of a quote without a source.

    Args:
        naming: The article.
        people: Its people.
    """

    def __init__(self, naming: Naming, people: People) -> None:
        self.text = naming.article.text
        self.naming = naming
        self.people = people
        self.sentences = naming.coreference.sentences

    def answers(self, quote: Quote, previous: Quote | None) -> list[Answer]:
        """The speaker before goes on, or nobody is named.

        Args:
            quote: A quote without a source.
            previous: The quote before it in the text, resolved.
        """
        breaks = self._breaks(previous, quote) if previous is not None else 9
        if not quote.cue and breaks > 1:
            if previous is not None and breaks == 2 and self._nobody_else(previous, quote):
                return [again(s, None, "goes on after a paragraph", 0.8) for s in previous.speakers]
            return [self.people.only_person_before(position_of(quote))]
        if previous is not None and self._coordinated(quote, previous):
            return [again(s, None, "one subject of two cues", 0.9) for s in previous.speakers]
        if previous is not None and (not quote.cue or self._participle(quote, previous)):
            step = "goes on from the quote before"
            return [again(s, None, step, 0.95) for s in previous.speakers]
        return [Answer(None, "unknown")]

    def _breaks(self, previous: Quote, quote: Quote) -> int:
        """How many paragraphs end between a quote and the next."""
        return len(_PARAGRAPH.findall(self.text[_end_of(previous) : position_of(quote)]))

    def _nobody_else(self, previous: Quote, quote: Quote) -> bool:
        """Whether the words between name no other person than the one who spoke."""
        names = {s.name for s in previous.speakers}
        between = Span(_end_of(previous), position_of(quote))
        for mention in self.naming.phrases.mentions_in(between):
            found = self.naming.entities.of(mention) if mention.form == "name" else None
            if found is not None and found[0].type == "person" and found[0].name not in names:
                return False
        return True

    def _coordinated(self, quote: Quote, previous: Quote) -> bool:
        """``He told X that ... and said ...``: the cue has the subject of the one before it."""
        if not quote.cue or not previous.source or not previous.cue:
            return False
        start = quote.cue[0].start
        same = self._sentence(start) == self._sentence(previous.cue[-1].start)
        before = self.text[max(0, start - 24) : start].split()
        return same and previous.cue[-1].end <= start and bool({"and", "but"} & set(before[-2:]))

    def _participle(self, quote: Quote, previous: Quote) -> bool:
        """``..., he said, adding that ...``: the cue hangs on the one before it."""
        apart = self._sentence(quote.cue[0].start) - self._sentence(position_of(previous))
        return _is_participle(quote) and not self.is_fronted(quote) and apart <= 1

    def is_fronted(self, quote: Quote) -> bool:
        """``Calling it a farce, the mayor said ...``: the cue hangs on the subject after it."""
        if quote.source or not quote.cue or not _is_participle(quote):
            return False
        at = self._sentence(quote.cue[0].start) - 1
        return at >= 0 and not self.text[self.sentences[at] : quote.cue[0].start].strip()

    def _sentence(self, position: int) -> int:
        return bisect.bisect_right(self.sentences, position)

    def subject_after(self, quote: Quote, done: Mapping[str, Quote]) -> Quote:
        """A fronted participle with the speaker of the next quote of its sentence."""
        at = self._sentence(quote.cue[0].start)
        high = self.sentences[at] if at < len(self.sentences) else len(self.text)
        after = [
            q for q in done.values() if q.source and quote.cue[0].end <= q.source[0].start < high
        ]
        if not after:
            return quote
        return _as_said_by(quote, min(after, key=lambda q: q.source[0].start), "", 1.0)

    def headline(self, quote: Quote, done: Mapping[str, Quote]) -> Quote:
        """A quote of the headline with the speaker of the words of the article that it repeats."""
        end = self.text.find("\n")
        named = any(s.name for s in quote.speakers)
        if named or quote.source or not 0 <= position_of(quote) < end < _LONGEST_HEADLINE:
            return quote
        words = _words(self.text, quote)
        best: tuple[float, int, Quote] | None = None
        for other in done.values():
            if position_of(other) < end or not any(s.name for s in other.speakers):
                continue
            shared = len(words & _words(self.text, other))
            key = (shared / max(len(words), 1), -position_of(other))
            if shared > 1 and key[0] >= _SHARE and (best is None or key > best[:2]):
                best = (*key, other)
        if best is None:
            return quote
        return _as_said_by(quote, best[2], "the headline of these words", 0.85)


def position_of(quote: Quote) -> int:
    """Where a quote begins: content, cue or source."""
    return min((s.start for s in (*quote.content, *quote.cue, *quote.source)), default=0)


def _end_of(quote: Quote) -> int:
    return max((s.end for s in (*quote.content, *quote.cue, *quote.source)), default=0)


def _is_participle(quote: Quote) -> bool:
    return quote.cue[0].text.split(" ")[0].casefold().endswith("ing")


def _words(text: str, quote: Quote) -> set[str]:
    """Folded words of a content, without short ones."""
    found = " ".join(text[s.start : s.end] for s in quote.content).casefold()
    return {word for word in _WORD.findall(found) if len(word) > 3}


def _as_said_by(quote: Quote, other: Quote, step: str, certainty: float) -> Quote:
    sure = other.confidence.speaker
    speakers = [
        dataclasses.replace(
            s,
            confidence=None if s.confidence is None else round(certainty * s.confidence, 4),
            steps=(*([step] if step else []), *s.steps),
        )
        for s in other.speakers
    ]
    confidence = dataclasses.replace(
        quote.confidence, speaker=None if sure is None else round(certainty * sure, 4)
    )
    return quote.replace(speakers=tuple(speakers), confidence=confidence)
