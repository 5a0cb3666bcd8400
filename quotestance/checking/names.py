"""One speaker spelt two ways."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from quotestance.quotes import Quote

Place = tuple[str, int, str]

_INITIALS = re.compile(r"\b[A-Z]{2,5}\b")
_DOT_IN_INITIALS = re.compile(r"(?<=\b[A-Z])\.(?=[A-Z]\.|\s|$)")


@dataclass
class Name:
    """A spelling of a name: where it stands first, whose it is, how often, its gold aliases."""

    place: Place
    person: bool
    count: int = 0
    aliases: set[str] = field(default_factory=set)


class Names:
    """Collects the names of speakers and channels and finds those that are spelt two ways."""

    def __init__(self) -> None:
        self._names: dict[str, Name] = {}
        self._surnames: dict[tuple[Place, str], str] = {}

    def add(self, file: str, line: int, quotes: Mapping[int, Quote]) -> None:
        """Take in the speakers of one record."""
        speakers = [speaker for quote in quotes.values() for speaker in quote.speakers]
        full = {s.name for s in speakers if s.name and s.type == "person"}
        for i, quote in quotes.items():
            for j, speaker in enumerate(quote.speakers):
                if not speaker.name or speaker.type not in ("person", "organization"):
                    continue
                place = (file, line, f"quotes[{i}].speakers[{j}].name")
                self._count(speaker.name, place, speaker.type == "person", speaker.aliases)
                if speaker.type == "person":
                    self._surname(speaker.name, place, full - set(speaker.aliases))
            for j, name in enumerate(quote.via):
                self._count(name, (file, line, f"quotes[{i}].via[{j}]"), False, ())

    def _count(self, name: str, place: Place, person: bool, aliases: Iterable[str]) -> None:
        known = self._names.setdefault(name, Name(place, person))
        known.person = known.person or person
        known.count += 1
        known.aliases.update(aliases)

    def _surname(self, name: str, place: Place, names: Iterable[str]) -> None:
        """Note a bare surname beside exactly one full name that ends in it, in one article."""
        if len(name.split()) == 1:
            longer = [n for n in names if n != name and n.split()[-1:] == [name]]
            if len(longer) == 1:
                self._surnames.setdefault(((*place[:2], ""), name), longer[0])
                self._names[name].aliases.discard(longer[0])

    def pairs(self) -> Iterator[tuple[Place, str, str, Place]]:
        """Place and spelling of the rarer name, then the commoner one and its place."""
        found: set[tuple[str, str]] = set()
        for a, b in (*self._slips(), *self._longer(), *self._initials()):
            rarer, other = sorted((a, b), key=lambda n: (self._names[n].count, n))
            aliased = rarer in self._names[other].aliases
            if not aliased and other not in self._names[rarer].aliases:
                found.add((rarer, other))
        for rarer, other in sorted(found, key=lambda pair: self._names[pair[0]].place):
            yield self._names[rarer].place, rarer, other, self._names[other].place
        for (place, name), other in self._surnames.items():
            if (name, other) not in found:
                yield place, name, other, self._names[other].place

    def _slips(self) -> Iterator[tuple[str, str]]:
        """Names that agree but for their form, their order or a slip in one word."""
        blocks: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for name in self._names:
            words = plain(name).split()
            blocks[("form", "".join(words))].append(name)
            blocks[("order", *sorted(words))].append(name)
            for i in range(len(words) if len(words) > 1 else 0):
                blocks[("word", i, *words[:i], None, *words[i + 1 :])].append(name)
        for block in blocks.values():
            yield from (pair for pair in itertools.combinations(block, 2) if _alike(*pair))

    def _longer(self) -> Iterator[tuple[str, str]]:
        """A person with and without a middle name or a title before the name."""
        blocks: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
        for name, known in self._names.items():
            words = plain(name).split()
            if known.person and len(words) > 1:
                blocks[words[-1]].append((words, name))
        for block in blocks.values():
            for (short, a), (long, b) in itertools.permutations(block, 2):
                rest = iter(long)
                if len(short) < len(long) and all(word in rest for word in short):
                    yield a, b

    def _initials(self) -> Iterator[tuple[str, str]]:
        """A name of an organization with words of it written out and as their initials."""
        short: dict[str, str] = {}
        for name, known in self._names.items():
            whole = _DOT_IN_INITIALS.sub("", name)
            if not known.person and _INITIALS.search(whole):
                short[plain(whole)] = name
        for name, known in self._names.items():
            words = [] if known.person else plain(name).split()
            for i, j in itertools.combinations(range(len(words) + 1), 2):
                initials = "".join(word[0] for word in words[i:j])
                other = short.get(" ".join([*words[:i], initials, *words[j:]]))
                if j - i > 1 and other not in (None, name):
                    yield other, name


def plain(name: str) -> str:
    """A name without accents, case and punctuation."""
    letters = unicodedata.normalize("NFKD", name)
    kept = (c if c.isalnum() else " " for c in letters if unicodedata.category(c)[0] != "M")
    return " ".join("".join(kept).casefold().split())


def _alike(a: str, b: str) -> bool:
    """Whether two names that agree in the rest differ by no more than a slip of the pen."""
    first, second = plain(a).split(), plain(b).split()
    if "".join(first) == "".join(second) or sorted(first) == sorted(second):
        return True
    differing = [(x, y) for x, y in zip(first, second, strict=True) if x != y]
    if len(differing) != 1:
        return False
    x, y = differing[0]
    if not (x.isalpha() and y.isalpha()) or x.rstrip("s") == y.rstrip("s"):
        return False
    slip = 2 if min(len(x), len(y)) >= 8 else 1
    return (
        min(len(x), len(y)) >= 3
        and max(len(x), len(y)) >= 4
        and OSA.distance(x, y, score_cutoff=slip) <= slip
    )
