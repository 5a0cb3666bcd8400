"""Names within runs of capitalized words: of people, organizations, places and parties.

Tables of organizations and countries, titles and honorifics, and the heads of organizations tell
what a run holds. One pass over the words, linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from quotestance.quotes import Span
from quotestance.stages.lexicon import (
    CALENDAR,
    DOCUMENT_NOUNS,
    EVENT_HEADS,
    FEMALE_HONORIFICS,
    FEMALE_NAMES,
    FIRST_NAMES,
    GROUP_NOUNS,
    HE,
    HONORIFICS,
    LOWER_PARTICLES,
    MALE_HONORIFICS,
    MALE_NAMES,
    NAME_SUFFIXES,
    ORG_HEADS,
    ORG_NOUNS,
    PERSON_NOUNS,
    PRONOUNS,
    SENTENCE_WORDS,
    SHE,
    TITLES,
)
from quotestance.stages.mention import Mention
from quotestance.stages.runs import MEMBERS, Runs

_CAMEL = re.compile(r"^(?!Mc|Mac|De|Di|Le|La|Van|O['’])\w*[a-z][A-Z]")
_PARTY = {"republican": "Republicans", "democrat": "Democrats", "democratic": "Democrats",
          "republicans": "Republicans", "democrats": "Democrats", "conservative": "Conservatives",
          "conservatives": "Conservatives", "liberal": "Liberals", "tory": "Conservatives",
          "independent": "Independents", "independents": "Independents"}  # fmt: skip
_MASTHEADS = frozenset("daily evening morning weekly sunday".split())
_TRADES = ("er", "or", "ist", "ian", "man", "woman", "ess", "eer", "yst")
_COMMON = ORG_HEADS | ORG_NOUNS | PERSON_NOUNS | DOCUMENT_NOUNS | GROUP_NOUNS
_PARTICIPLE = re.compile(
    r"-(?:controlled|backed|led|based|style|born|linked|funded|era|wide|like|sponsored|run|owned|"
    r"inspired|held|friendly|elect)$"
)
_SEAT = re.compile(r"[DRI]-[A-Z][a-z]*\.?$")  # the party and state of a legislator: ``(D-Mo.)``
_NUMERALS = frozenset("one two three four five six seven eight nine ten".split())
_ADJECTIVES = frozenset("general major king queen prince chief royal captain bishop lady".split())
_TITLE_LENGTH = max(len(t.split()) for t in TITLES)


class NameFinder(Runs):
    """One pass over the words of one text."""

    def pronouns(self) -> Iterator[Mention]:
        """Pronouns of the third person and the first."""
        for token in self.tokens:
            if token.key in PRONOUNS and not (token.text == "US" or token.text == "IT"):
                gender = "m" if token.key in HE else "f" if token.key in SHE else None
                span = Span(token.start, token.end, token.text)
                yield Mention(span, "unknown", "pronoun", gender)

    def names(self) -> Iterator[Mention]:
        """Names and capitalized titles, run by run."""
        i = 0
        while i < len(self.tokens):
            if not self.tokens[i].capital:
                i += 1
                continue
            end = self._run_end(i)
            if self.headline[i]:
                yield from self._tables_only(i, end)
            else:
                yield from self._split(i, end)
            i = end

    def _split(self, i: int, j: int, country: str | None = None) -> Iterator[Mention]:
        """Mentions of one run of words ``i`` to ``j``."""
        tokens = self.tokens
        if self._members_for(i, j):
            yield self._organization(i, j)
            return
        i, j = self._trimmed(i, j)
        cut = next((k for k in range(i, j) if self._in_calendar(k)), None)
        if cut is not None and cut + 1 < j and not self._table_at(i, j):
            yield from self._split(i, cut)
            yield from self._split(cut + 1, j)
            return
        if i >= j:
            return
        if self._occupation(i, j) and self._last_title(i, j) is None:
            of = "organization" if tokens[i].key in ORG_NOUNS else "person"
            for mention in self._split(i + 1, j, country):
                yield replace(mention, type=of) if mention.type == "unknown" else mention
            return
        title = self._last_title(i, j)
        if title is not None:
            yield from self._titled(i, j, *title)
        elif self._is_organization(i, j):
            yield self._organization(i, j)
        else:
            yield from self._pieces(i, j, country)

    def _trimmed(self, i: int, j: int) -> tuple[int, int]:
        """A run without words at its ends that are capitalized for other reasons."""
        tokens = self.tokens
        while i < j and self._sentence_word(i) and not self._table_at(i, j):
            i += 1
        while i < j and self._never_last(j - 1) and not self._table_at(j - 1, j):
            named = tokens[i].key in FIRST_NAMES and not self._in_calendar(j - 1)
            if j - i == 2 and (named or tokens[j - 1].key in _NUMERALS):
                break
            j -= 1
        return i, j

    def _is_function_word(self, i: int) -> bool:
        """Whether a word stands in any sentence, and is nobody's surname here."""
        return self.tokens[i].key in SENTENCE_WORDS and not self._is_surname(i)

    def _never_last(self, i: int) -> bool:
        return self._in_calendar(i) or self._is_function_word(i)

    def _is_surname(self, i: int) -> bool:
        """Whether a word is a surname that could be a month."""
        return self.tokens[i].key in CALENDAR and not self._in_calendar(i)

    def _sentence_word(self, i: int) -> bool:
        """Whether a word is no part of a name, only the first of its sentence."""
        key = self.tokens[i].key
        if self._is_surname(i):
            return False
        if key in SENTENCE_WORDS:
            return True
        if key in FIRST_NAMES or not self._begins_sentence(i):
            return False
        return key in self.lowercase or (key.endswith("ing") and len(key) > 5)

    def _members_for(self, i: int, j: int) -> bool:
        """``Parents for Safe Streets``."""
        return i + 1 < j and self.tokens[i].key in MEMBERS and self.tokens[i + 1].key == "for"

    def _occupation(self, i: int, j: int) -> bool:
        """``Singer Talia Venn``: a common noun before a full name, capitalized by its place."""
        key = self.tokens[i].key
        if key in ORG_NOUNS and j - i == 2 and self._begins_sentence(i):
            return self.tokens[j - 1].key not in ORG_HEADS | ORG_NOUNS
        if j - i < 3 or key in FIRST_NAMES or not self._begins_sentence(i):
            return False
        stems = {key, key.removesuffix("s"), key.removesuffix("ies") + "y"}
        return bool(stems & PERSON_NOUNS) or any(s.endswith(_TRADES) for s in stems)

    def _last_title(self, i: int, j: int) -> tuple[int, int] | None:
        """Start and end of the last title of the run, or None."""
        if tuple(self._key(i, j)) in self.tables.entries:
            return None
        last = self.tokens[j - 1].key
        if last in ORG_HEADS and last not in TITLES and self._only_common_titles(i, j):
            return None
        for k in range(j - 1, i - 1, -1):
            if k == j - 1 and k > i and self._surname_like_title(k):
                continue
            for size in range(min(_TITLE_LENGTH, k + 1 - i), 0, -1):
                if " ".join(self._key(k + 1 - size, k + 1)) in TITLES:
                    return k + 1 - size, k + 1
        return None

    def _only_common_titles(self, i: int, j: int) -> bool:
        """``Dunholt General Hospital``: words that are titles, but not before this name."""
        keys = self._key(i, j)
        titles = [k for k, key in enumerate(keys) if key in TITLES or key in HONORIFICS]
        return bool(titles) and titles[0] > 0 and all(keys[k] in _ADJECTIVES for k in titles)

    def _surname_like_title(self, k: int) -> bool:
        """``Charlie King``, ``Mr. King``, ``Jim T. Justice``: a title that is a surname here."""
        before = self.tokens[k - 1].key
        return before in FIRST_NAMES or before in HONORIFICS or len(before) == 1

    def _titled(self, i: int, j: int, start: int, end: int) -> Iterator[Mention]:
        """A run with a title: what stands before it, and the name after it."""
        before = [*self._split(i, start)] if i < start else []
        yield from before
        country = next((m.known.country for m in before if m.known and m.known.country), None)
        title = self._span(start, end).text
        gender = _title_gender(self.tokens[end - 1].key)
        if end < j:
            rest = self._split(end, j, country)
            if j - end == 1 and start == end - 1 and self.tokens[end].key in TITLES:
                rest = iter([Mention(self._span(end, j), "person", "name")])
            for mention in rest:
                if mention.span.start == self.tokens[end].start and mention.type != "organization":
                    yield replace(
                        mention,
                        type="person",
                        title=title,
                        country=country,
                        known=None,
                        gender=gender or mention.gender,
                    )
                else:
                    yield mention
        elif title.lower() not in HONORIFICS or self.tokens[end - 1].key in PERSON_NOUNS:
            yield Mention(
                self._span(start, end), "person", "nominal", gender, title=title, country=country
            )

    def _is_organization(self, i: int, j: int) -> bool:
        key = self._key(i, j)
        if key in self.tables.entries or (key[:1] == ("the",) and key[1:] in self.tables.entries):
            return False
        last = self.tokens[j - 1]
        if j - i >= 2 and last.key in ORG_HEADS and last.capital:
            return True
        return any(
            (key[k] in ("of", "for") and key[k - 1] in ORG_HEADS)
            or (key[k] == "for" and key[k - 1] in MEMBERS)
            for k in range(1, j - i - 1)
        )

    def _organization(self, i: int, j: int) -> Mention:
        return Mention(self._span(i, j), "organization", "name", "n")

    def _names_a_person(self, i: int, end: int, low: int, high: int) -> bool:
        """Whether a place's name is part of a person's: ``Michael Jordan``, ``Chad Smith``."""
        tokens = self.tokens
        if end - i > 1:
            return False
        before = i > low and tokens[low].key in FIRST_NAMES and tokens[i].key not in FIRST_NAMES
        after = (
            tokens[i].key in FIRST_NAMES
            and end < high
            and tokens[end].key not in ORG_HEADS | EVENT_HEADS
            and self._table_at(end, high) is None
            and tokens[end].key not in _PARTY
        )
        return before or after

    def _pieces(self, i: int, j: int, country: str | None) -> Iterator[Mention]:
        """Names of the tables within the run, and what is left between them."""
        start, k = i, i
        while k < j:
            found = self._table_at(k, j)
            if found is None or self._names_a_person(k, found[0], start, j):
                if self.tokens[k].key in _PARTY:
                    yield from self._plain(start, k, country)
                    if self._plural_party(k):
                        yield Mention(self._span(k, k + 1), "group", "name", "n")
                    start = k + 1
                k += 1
                continue
            yield from self._plain(start, k, country)
            end, known = found
            if known.type == "organization" and self._goes_on(end, j):
                yield self._organization(k, j)
                return
            yield Mention(self._span(k, end), known.type, "name", "n", known=known)
            start = k = end
        yield from self._plain(start, j, country)

    def _goes_on(self, end: int, j: int) -> bool:
        """Whether the words after an organization's name belong to a longer name of another.

        ``Coastwire Pollster``, ``UN Member States``; not ``Coastwire Anna Venn``.
        """
        if not 1 <= j - end <= 2 or self.tokens[end - 1].possessive:
            return False
        words = self._key(end, j)
        if words[-1] == "states":
            return True
        if words[0] in FIRST_NAMES or words[-1] in EVENT_HEADS | SENTENCE_WORDS | set(_PARTY):
            return False
        if self._table_at(end, j) is not None:
            return j - end == 1 and self.tables.entries[words][0].type == "country"
        return not {w.removesuffix("s") for w in words} & (PERSON_NOUNS | TITLES) and (
            len(words) == 1 or words[-1] in ORG_HEADS
        )

    def _plural_party(self, k: int) -> bool:
        key = self.tokens[k].key
        return key in _PARTY and key.endswith("s")

    def _plain(self, i: int, j: int, country: str | None) -> Iterator[Mention]:
        """A name that no table knows."""
        while i < j and self._is_function_word(i):
            i += 1
        if i >= j:
            return
        words = self._key(i, j)
        if words[0] not in FIRST_NAMES and words[-1] not in EVENT_HEADS | ORG_HEADS:
            inner = next((k for k in range(1, j - i - 1) if self._begins_name(words, k)), 0)
            inner = inner if inner > 1 or words[0] in _COMMON or "-" in words[0] else 0
            if inner:
                yield from self._plain(i, i + inner, country)
                i, words = i + inner, words[inner:]
        if (j - i == 1 and self._common_noun(i)) or _PARTICIPLE.search(words[-1]):
            return
        span = self._span(i, j)
        if _SEAT.match(span.text):
            return
        if self._looks_like_organization(words, span.text):
            yield Mention(span, "organization", "name", "n")
        elif words[-1] in EVENT_HEADS:
            yield Mention(span, "unknown", "name", "n")
        elif j - i >= 2 and all(w.isalpha() or "'" in w or "-" in w or len(w) < 3 for w in words):
            person = "person" if words[0] in FIRST_NAMES else "unknown"
            yield Mention(span, person, "name", name_gender(words[0]), country=country)
        else:
            yield Mention(span, "unknown", "name", name_gender(words[0]), country=country)

    def _looks_like_organization(self, words: tuple[str, ...], name: str) -> bool:
        """An abbreviation, ``CamelCase``, a web address, a masthead, or a head such as Bank."""
        if len(words) == 1 and ((name.isupper() and 2 <= len(name) <= 6) or _CAMEL.search(name)):
            return True
        if words[-1] in EVENT_HEADS:
            return False
        if " & " in name:
            return True
        masthead = len(words) > 1 and words[0] in _MASTHEADS
        address = "." in name.rstrip(".")[-4:]
        return masthead or address or words[-1] in ORG_HEADS or words[0] == "university"

    def _begins_name(self, words: tuple[str, ...], k: int) -> bool:
        """Whether a given name begins in the middle of a run: ``County Recorder Helen Purcell``."""
        return (
            words[k] in FIRST_NAMES
            and len(words[k - 1]) > 2
            and (words[k - 1] not in LOWER_PARTICLES and words[k + 1] not in NAME_SUFFIXES)
        )

    def _common_noun(self, i: int) -> bool:
        """Whether a word is capitalized only because a sentence begins with it."""
        token = self.tokens[i]
        if token.text.isupper() or not ({token.key, token.key.removesuffix("s")} & _COMMON):
            return False
        return self._begins_sentence(i)

    def _tables_only(self, i: int, j: int) -> Iterator[Mention]:
        """Entries of the tables in a headline; names of people come in a second pass."""
        k = i
        while k < j:
            found = self._table_at(k, j)
            if found is None or self._names_a_person(k, found[0], i, j):
                k += 1
                continue
            end, known = found
            yield Mention(self._span(k, end), known.type, "name", "n", known=known, headline=True)
            k = end


def _title_gender(word: str) -> str | None:
    return "m" if word in MALE_HONORIFICS else "f" if word in FEMALE_HONORIFICS else None


def name_gender(word: str) -> str | None:
    """``m`` or ``f`` for a given name of the lists, else None."""
    return "m" if word in MALE_NAMES else "f" if word in FEMALE_NAMES else None
