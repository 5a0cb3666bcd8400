"""The head of a noun phrase that names a source or a target: name, pronoun or common noun."""

from __future__ import annotations

import bisect
import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quotestance.quotes import Span
from quotestance.stages.lexicon import (
    DOCUMENT_NOUNS,
    GROUP_NOUNS,
    ORG_NOUNS,
    PERSON_NOUNS,
    PRONOUNS,
    RELATIVE,
    SINGULAR_IN_S,
    TITLES,
)
from quotestance.stages.mention import Mention
from quotestance.stages.tokens import Token

_PREPOSITIONS = frozenset(
    """of for from in on at with to by about near under among between during
against around inside outside within into over who whom whose which that where when briefed
familiar close speaking including like as than after before since said says is was are were has
have had will would citing quoting posted released compiled conducted published based""".split()
)
_LEADING = frozenset("by to from in among for with via of on as at".split())
_INDEFINITE = frozenset(
    """a an one some another any every each no several many most few both all
two three four five six seven eight nine ten other others unnamed anonymous""".split()
)
_OWNERS = frozenset("owner operator maker manufacturer parent publisher developer producer".split())
_COLLECTIVES = frozenset("coalition alliance group number list".split())
_BEFORE_NAME = frozenset("the a an his her their its former ex then".split())


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one noun phrase.

    Args:
        form: ``name``, ``pronoun``, ``relative``, ``nominal`` or ``none``.
        span: The words of the head.
        type: Guess at what it is: ``person``, ``group``, ``document``, ``organization`` or
            ``unknown``.
        word: Folded head word.
        mention: The named mention that is the head, or None.
        owner: Named mention or pronoun that owns or modifies it (``Trump's campaign``).
        definite: Whether it can point back (``the senator``, not ``a senator``).
        words: All folded words of the phrase before its first preposition or comma.
    """

    form: str
    span: Span
    type: str = "unknown"
    word: str = ""
    mention: Mention | None = None
    owner: Mention | None = None
    definite: bool = False
    words: tuple[str, ...] = ()


class Phrases:
    """Reads noun phrases of one article.

    Args:
        text: The article.
        tokens: Its words.
        mentions: Its mentions, in text order, without overlaps.
    """

    def __init__(self, text: str, tokens: Sequence[Token], mentions: Sequence[Mention]) -> None:
        self.text = text
        self.tokens = tokens
        self.mentions = mentions
        self._token_starts = [t.start for t in tokens]
        self._mention_starts = [m.span.start for m in mentions]

    def mentions_in(self, span: Span) -> Sequence[Mention]:
        """Mentions that begin within a span."""
        i = bisect.bisect_left(self._mention_starts, span.start)
        j = bisect.bisect_left(self._mention_starts, span.end)
        return self.mentions[i:j]

    def mention_over(self, token: Token) -> Mention | None:
        """The mention that a word belongs to, or None."""
        i = bisect.bisect_right(self._mention_starts, token.start) - 1
        if i >= 0 and self.mentions[i].span.end >= token.end:
            return self.mentions[i]
        return None

    def tokens_in(self, span: Span) -> Sequence[Token]:
        """Words that begin within a span."""
        i = bisect.bisect_left(self._token_starts, span.start)
        j = bisect.bisect_left(self._token_starts, span.end)
        return self.tokens[i:j]

    def heads(self, span: Span) -> list[Head]:
        """Heads of a noun phrase, one for each conjunct: ``both A and B`` has two."""
        listed = self._list_of_names(span)
        if len(listed) > 1:
            return listed
        parts = [h for part in self._conjuncts(span) if (h := self._head(part)).form != "none"]
        if parts and parts[0].form == "nominal" and parts[0].word not in _COLLECTIVES:
            parts = [parts[0], *self._examples(span), *parts[1:]]
        return parts or [Head("none", span)]

    def _list_of_names(self, span: Span) -> list[Head]:
        """``A of Texas, B and C``, ``the senators -- A, B and C``: three names or more, or two."""
        tokens = self.tokens_in(span)
        found: list[Head] = []
        last, item = False, True
        for i, token in enumerate(tokens):
            mention = self.mention_over(token)
            if mention is None or mention.form != "name" or mention.span.start != token.start:
                continue
            full = mention.type == "unknown" and " " in mention.span.text
            if mention.type != "person" and not full:
                continue
            begins = self._begins_item(tokens, i)
            if begins is None or (begins == "and" and not item):
                item = False
                continue
            item, last = True, begins == "and"
            found.append(Head("name", mention.span, "person", token.key, mention))
        return found if last else []

    def _begins_item(self, tokens: Sequence[Token], i: int) -> str | None:
        """``and`` or ``,`` where a name begins an item of a list, after its titles; else None."""
        k = i
        while k > 0 and (tokens[k - 1].capital or tokens[k - 1].key in TITLES):
            between = self.text[tokens[k - 1].end : tokens[k].start]
            if any(c in ",;:()—–-" for c in between):
                break
            k -= 1
        if k == 0:
            return ","
        between = self.text[tokens[k - 1].end : tokens[k].start]
        if tokens[k - 1].key in ("and", "&"):
            return "and"
        if tokens[k - 1].key in ("including", "like"):
            return ","
        return "," if any(c in between for c in ",;—–") or "--" in between else None

    def _examples(self, span: Span) -> Iterator[Head]:
        """Names given as examples: ``experts like Ana Ruiz``, ``senators, including A and B``."""
        tokens = self.tokens_in(span)
        for i, token in enumerate(tokens[1:-1], 1):
            such = token.key == "as" and tokens[i - 1].key == "such"
            if such or token.key in ("including", "like", "particular", "particularly", "notably"):
                rest = Span(token.end, span.end)
                for part in self._conjuncts(rest):
                    head = self._head(part)
                    if head.form == "name" and head.type in ("person", "organization"):
                        yield head
                return

    def _conjuncts(self, span: Span) -> Iterator[Span]:
        """The phrase cut at ``and`` where a name or pronoun stands on one of its sides."""
        tokens = self.tokens_in(span)
        start = span.start
        for i, token in enumerate(tokens):
            if token.key not in ("and", "&", "nor", "or") or i == 0 or i + 1 >= len(tokens):
                continue
            if self.mention_over(token) is not None or self._after_stop(tokens[:i], start):
                continue
            left, right = self.mention_over(tokens[i - 1]), self.mention_over(tokens[i + 1])
            if left is None and right is None:
                continue
            if start < token.start:
                yield Span(start, token.start).of(self.text)
            start = token.end
        yield Span(start, span.end).of(self.text)

    def _after_stop(self, tokens: Sequence[Token], start: int) -> bool:
        """Whether ``and`` stands within a modifier of what goes before: ``head of A and B``."""
        inside = [t for t in tokens if t.start >= start]
        return any(
            t.key in _PREPOSITIONS and self.mention_over(t) is None and k > 0
            for k, t in enumerate(inside)
        )

    def _head(self, span: Span) -> Head:
        tokens = list(self.tokens_in(span))
        while tokens and tokens[0].key in _LEADING and self.mention_over(tokens[0]) is None:
            tokens.pop(0)
        if not tokens:
            return Head("none", span)
        segment, rest = self._segment(tokens)
        head = self._read(segment)
        if head.form == "nominal" and rest:
            name = self._apposition(head, rest)
            if name is not None:
                return name
        return head

    def _segment(self, tokens: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
        """Words before the first comma, preposition or relative clause, and the words after."""
        for i, token in enumerate(tokens):
            if i == 0:
                continue
            comma = any(c in ",;:()—–" for c in self.text[tokens[i - 1].end : token.start])
            inside = self.mention_over(token)
            within = inside is not None and inside is self.mention_over(tokens[i - 1])
            if within:
                continue
            participle = (
                token.key.endswith("ing")
                and inside is None
                and tokens[i - 1].key not in _INDEFINITE
                and (noun_type(tokens[i - 1].key) in ("person", "group") and i + 1 < len(tokens))
            )
            if (
                comma
                or participle
                or (token.key in _PREPOSITIONS and inside is None and not self._in_title(token))
                or (token.key in RELATIVE and inside is not None and inside.form == "pronoun")
            ):
                return tokens[:i], tokens[i:]
        return tokens, ()

    def _in_title(self, token: Token) -> bool:
        """Whether a word is inside the title of a name: ``Secretary of State Ana Ruiz``."""
        i = bisect.bisect_right(self._mention_starts, token.start)
        following = self.mentions[i] if i < len(self.mentions) else None
        if following is None:
            return False
        if following.title and token.start >= following.span.start - len(following.title) - 1:
            return True
        k = bisect.bisect_left(self._token_starts, token.start)
        words = " ".join(t.key for t in self.tokens[max(0, k - 1) : k + 2])
        after = self.tokens[k + 2 : k + 3]
        return words in TITLES and bool(after) and after[0].start == following.span.start

    def _apposition(self, head: Head, rest: Sequence[Token]) -> Head | None:
        """A person's name right after the comma: ``her spokesman, Nick Merrill``."""
        if head.type == "organization":
            return self._organization_apposed(head, rest)
        if head.type not in ("person", "group", "unknown"):
            return None
        before = self.text[head.span.end : rest[0].start]
        if "," not in before and rest[0].key not in _PREPOSITIONS:
            return None
        begin = 0 if "," in before else next(
            (k for k, (a, b) in enumerate(pairwise(rest), 1)
             if "," in self.text[a.end : b.start]),
            None,
        )  # fmt: skip
        if begin is None or (begin and head.type == "group"):
            return None
        segment = self._segment(rest[begin:])[0]
        name = self._read(segment)
        if head.word in _OWNERS and begin == 0 and name.type == "organization":
            return name if name.form == "name" else None
        if name.mention is not None and not self._describes(segment, name.mention):
            return None
        sure = name.mention is not None and name.mention.type == "person"
        full = name.type == "unknown" and " " in name.span.text
        if head.type == "unknown" and (begin or not (sure or full)):
            return None
        if name.form != "name" or not (sure or full or (begin == 0 and name.type == "unknown")):
            return None
        known = sure or head.type != "unknown"
        return dataclasses.replace(name, type="person") if known else name

    def _describes(self, segment: Sequence[Token], name: Mention) -> bool:
        """Whether what stands before a name describes its bearer: ``the radio host Ana Ruiz``."""
        before = [t for t in segment if t.start < name.span.start and not t.capital]
        last = before[-1].key if before else "the"
        return last in _BEFORE_NAME or noun_type(last) == "person"

    def _organization_apposed(self, head: Head, rest: Sequence[Token]) -> Head | None:
        """An organization's name right after the comma: ``his club, Castermere Rovers,``."""
        if "," not in self.text[head.span.end : rest[0].start]:
            return None
        name = self._read(self._segment(rest)[0])
        if name.form != "name" or name.type not in ("organization", "unknown"):
            return None
        return dataclasses.replace(name, type="organization")

    def _read(self, tokens: Sequence[Token]) -> Head:
        last = tokens[-1]
        words = tuple(t.key for t in tokens)
        mention = self.mention_over(last)
        if len(tokens) == 1 and last.key in RELATIVE:
            return Head("relative", Span(last.start, last.end).of(self.text), word=last.key)
        if mention is not None and mention.form == "pronoun":
            return Head("pronoun", mention.span, word=last.key, mention=mention)
        if mention is not None and mention.form == "name":
            if mention.known is not None and mention.known.form == "adjective":
                return Head("name", mention.span, "group", last.key, mention, words=words)
            return Head("name", mention.span, mention.type, last.key, mention, words=words)
        return self._nominal(tokens, words)

    def _nominal(self, tokens: Sequence[Token], words: tuple[str, ...]) -> Head:
        last = tokens[-1]
        span = Span(tokens[0].start, last.end).of(self.text)
        owner = next(
            (
                m
                for t in reversed(tokens[:-1])
                if (m := self.mention_over(t)) is not None and m.form in ("name", "pronoun")
            ),
            None,
        )
        type_ = noun_type(last.key)
        definite = words[0] not in _INDEFINITE and (
            words[0] in ("the", "this", "that") or owner is not None or len(words) == 1
        )
        return Head("nominal", span, type_, last.key, None, owner, definite, words)


def noun_type(word: str) -> str:
    """What a common noun names: a person, a group, a document, an organization, or unknown."""
    if word.endswith("-year-old"):
        return "person"
    if word in DOCUMENT_NOUNS:
        return "document"
    if word in ORG_NOUNS:
        return "organization"
    if word in PERSON_NOUNS or word in TITLES:
        return "person"
    if word in GROUP_NOUNS or word.isdigit():
        return "group"
    if word.endswith("s") and word not in SINGULAR_IN_S:
        stem = word[:-1]
        if stem in ORG_NOUNS or stem in PERSON_NOUNS:
            return "group"
        return "document" if stem in DOCUMENT_NOUNS else "group"
    if word.endswith(("er", "or", "ist", "ian", "man", "woman", "ant", "ent")):
        return "person"
    return "unknown"


def is_pronoun(word: str) -> bool:
    """Whether a folded word is a personal or possessive pronoun."""
    return word in PRONOUNS
