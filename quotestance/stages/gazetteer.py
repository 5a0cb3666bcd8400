"""Committed tables of organizations, countries and capitals, and the names built from them."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from quotestance.stages.names import fold

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*\.?")
_CONTACTS = {"foreign affairs": "Foreign Affairs", "foreign": "Foreign Affairs",
             "external affairs": "External Affairs", "defence": "Defence", "defense": "Defence",
             "interior": "the Interior", "finance": "Finance", "health": "Health",
             "justice": "Justice", "energy": "Energy", "trade": "Trade", "economy": "Economy",
             "commerce": "Commerce", "education": "Education", "agriculture": "Agriculture",
             "transport": "Transport", "information": "Information", "culture": "Culture",
             "environment": "the Environment", "labour": "Labour", "labor": "Labour"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the tables as a word of the text names it.

    Args:
        name: Canonical name.
        type: ``organization`` or ``country``.
        form: ``name``, ``adjective``, ``capital`` or ``metonym``.
        country: Country that it belongs to, or is.
        id: Stable identifier.
        kind: Finer type: ``ministry``, ``news agency``, ``state`` ...
        written: The alias with its capitals, so that ``US`` is told from ``us``.
    """

    name: str
    type: str
    form: str
    country: str
    id: str
    kind: str
    written: str = ""


def name_id(name: str, *context: str) -> str:
    """A stable identifier for a name that no table or roster knows.

    Args:
        name: Canonical name; case and accents do not count.
        context: What keeps two bearers of one name apart, such as the id of the article.
    """
    key = "\x1f".join((" ".join(fold(name).split()), *context))
    return "qs:" + hashlib.sha1(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True)
class Gazetteer:
    """Look-up of organizations and places by the words that name them.

    Args:
        entries: Folded words of a name to what it names; a key may name several things.
    """

    entries: Mapping[tuple[str, ...], tuple[Known, ...]]

    @cached_property
    def longest(self) -> Mapping[str, int]:
        """For each first word, the number of words of the longest name that it begins."""
        out: dict[str, int] = {}
        for key in self.entries:
            out[key[0]] = max(out.get(key[0], 0), len(key))
        return out

    def lookup(self, name: str) -> tuple[Known, ...]:
        """What a name stands for, likeliest first; empty where the tables do not know it."""
        key = words_key(name)
        return (
            self.entries.get(key) or self.entries.get(key[1:] if key[:1] == ("the",) else ()) or ()
        )

    def country(self, name: str) -> Known | None:
        """The country, state or region that a name, adjective or capital points to."""
        return next((k for k in self.lookup(name) if k.type == "country"), None)

    def organization(self, name: str) -> Known | None:
        """The organization of a name, abbreviation or metonym, in the tables."""
        return next((k for k in self.lookup(name) if k.type == "organization"), None)

    def with_countries(self, names: Iterable[str]) -> Gazetteer:
        """These tables and the countries of a roster that they lack, by name alone."""
        new = {words_key(n): n for n in names if n and self.country(n) is None}
        if not new:
            return self
        known = {
            key: (
                *self.entries.get(key, ()),
                Known(n, "country", "name", n, name_id(n), "country", n),
            )
            for key, n in new.items()
            if key
        }
        return Gazetteer({**self.entries, **known})

    def ministry(self, kind: str, country: str) -> Known:
        """The ministry of a country: ``foreign``, ``China`` -> Ministry of Foreign Affairs."""
        subject = _CONTACTS.get(fold(kind), kind.title())
        known = _MINISTRIES.get((country, subject))
        if known is not None:
            found = self.organization(known)
            if found is not None:
                return found
        name = f"Ministry of {subject} of {country}"
        return Known(name, "organization", "name", country, name_id(name), "ministry")

    def government(self, country: str) -> Known:
        """The government of a country, as in ``Beijing said``."""
        article = "the " if country in _WITH_ARTICLE else ""
        name = f"Government of {article}{country}"
        return self.organization(name) or Known(
            name, "organization", "name", country, name_id(name), "government"
        )

    def office(self, name: str) -> Known | None:
        """A ministry or government by its parts: ``Chinese Foreign Ministry``.

        ``the Russian government``, ``China's Ministry of Commerce`` likewise.
        """
        words = _POSSESSIVE.sub("", name).split()
        for size in (3, 2, 1):
            country = self.country(" ".join(words[:size])) if len(words) > size else None
            if country is None or country.form == "capital" or country.kind != "country":
                continue
            rest = " ".join(fold(w) for w in words[size:])
            if rest in ("government", "authorities"):
                return self.government(country.country)
            match = _MINISTRY.fullmatch(rest)
            if match is not None:
                subject = (match["after"] or match["before"]).removeprefix("the ")
                return self.ministry(subject, country.country)
        return None


_MINISTRIES = {
    ("United Kingdom", "Foreign Affairs"): "Foreign, Commonwealth and Development Office",
    ("United Kingdom", "Defence"): "UK Ministry of Defence",
    ("Germany", "Foreign Affairs"): "Federal Foreign Office",
    ("France", "Foreign Affairs"): "Ministry of Foreign Affairs of France",
    ("India", "Foreign Affairs"): "Ministry of External Affairs of India",
    ("India", "External Affairs"): "Ministry of External Affairs of India",
}
_POSSESSIVE = re.compile(r"['’]s\b")
_MINISTRY = re.compile(r"(?:(?P<before>[\w ]+) ministry|ministry (?:of|for) (?P<after>[\w ]+))")
_WITH_ARTICLE = frozenset({"United States", "United Kingdom", "Netherlands", "Philippines",
    "United Arab Emirates", "Czech Republic", "Democratic Republic of the Congo",
    "Dominican Republic", "Central African Republic", "Bahamas", "Gambia", "Maldives"})  # fmt: skip
MINISTRY_KINDS = frozenset(_CONTACTS)


def words_key(name: str) -> tuple[str, ...]:
    """Folded words of a name; dots do not count, so ``U.S.`` is ``US``."""
    return tuple(w for w in (fold(m).replace(".", "") for m in _WORD.findall(name)) if w)


@cache
def builtin() -> Gazetteer:
    """The tables that ship with quotestance."""
    entries: dict[tuple[str, ...], list[Known]] = {}
    for name, known in (*_organizations(), *_countries()):
        key = words_key(name)
        for variant in {key, key[1:] if key[:1] == ("the",) else key}:
            have = entries.setdefault(variant, [])
            if variant and all(k.id != known.id for k in have):
                have.append(known)
    return Gazetteer({key: tuple(found) for key, found in entries.items() if key})


def _table(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("quotestance").joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _organizations() -> Iterator[tuple[str, Known]]:
    for row in _table("organizations.csv"):
        name = row["name"]
        for form, names in (("name", f"{name};{row['aliases']}"), ("metonym", row["metonyms"])):
            for alias in filter(None, names.split(";")):
                yield (
                    alias,
                    Known(
                        name,
                        "organization",
                        form,
                        row["country"],
                        name_id(name),
                        row["kind"],
                        alias,
                    ),
                )


def _countries() -> Iterator[tuple[str, Known]]:
    for row in _table("countries.csv"):
        name, forms = row["name"], (("name", "aliases"), ("adjective", "adjectives"))
        identifier = row["id"] or name_id(name)
        yield name, Known(name, "country", "name", name, identifier, row["kind"], name)
        for form, column in (*forms, ("capital", "capital")):
            for alias in filter(None, row[column].split(";")):
                yield alias, Known(name, "country", form, name, identifier, row["kind"], alias)
