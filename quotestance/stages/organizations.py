"""Organizations behind common nouns, places and parties: ``the ministry``, ``Beijing``.

``China's foreign ministry`` and ``the government of Osmere`` are named by rule, ``the union`` is
the union that the article named before, and a place that speaks is its government.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from quotestance.quotes import Quote, Span
from quotestance.stages.coreference import Said
from quotestance.stages.entity import ArticleEntity
from quotestance.stages.gazetteer import MINISTRY_KINDS, name_id
from quotestance.stages.kinds import fit
from quotestance.stages.lexicon import (
    HE,
    ORG_NOUNS,
    SENTENCE_WORDS,
    SHE,
)
from quotestance.stages.ministries import just_named, ministries
from quotestance.stages.names import name_words, surnames
from quotestance.stages.naming import Answer, Naming, again
from quotestance.stages.people import People
from quotestance.stages.phrases import Head

_CAMPAIGNS = re.compile(r"\b([^\W\d_][\w’'-]{0,40}?)(?:['’]s?)?\s+(?:presidential\s+)?(campaign|"
                        r"administration)\b")  # fmt: skip
_CAMPAIGN_NOUNS = frozenset({"campaign", "administration", "team"})
_MINISTRIES = frozenset({"ministry", "department"})
_OF_STATES = _MINISTRIES | frozenset("government army military parliament police".split())
_LAST = 3  # sentences before "the ministry" in which one that is named rules out earlier ones
_FIRST = 20  # mentions of a name that are read for what it is
_CAPITAL = re.compile(r", (?:the |its )?capital of ([A-Z][\w’'-]+)")
_PLACE_AFTER = re.compile(
    r"(?:['’]s? | )(?:government|capital|president|prime minister|foreign|finance|defen[cs]e|king|"
    r"queen|army|navy|parliament|ministry|border|coast|state|State|central bank|troops|fleet|"
    r"seizure|neighbou?r|[a-z]+ minister)\b"
)
_PLACE_BEFORE = re.compile(
    r"\b(?:in|capital of|government of|people of|president of|king of|queen of|from|across)\s$"
)
_OF = re.compile(r" (?:of|in) (?:the )?(?=[A-Z])")
_LOWER = frozenset("the a an of and for in on".split())


class Organizations:
    """Finds the organization that words mean which are no name.

    Args:
        naming: The article.
        people: Its people, for ``his campaign``.
    """

    def __init__(self, naming: Naming, people: People) -> None:
        self.naming = naming
        self.people = people
        self._ministries = ministries(naming.article.text, naming.tables)
        self._campaigns = [
            (m.start(), m[1], m[2])
            for m in _CAMPAIGNS.finditer(naming.article.text)
            if m[1][0].isupper() and m[1].casefold() not in SENTENCE_WORDS
        ]

    def party(self, entity: ArticleEntity, head: Head) -> Answer:
        """``Republicans`` and ``Senate Republicans`` have a name, ``some Republicans`` none."""
        words = tuple(w for w in head.words if w != "the")
        if len(words) == 2 and words[0] in ("house", "senate", "congressional", "state"):
            name = f"{words[0].capitalize()} {entity.name}"
            return Answer(name, "group", self.naming.id(name), None, head.span, 0.8)
        if len(words) > 1:
            return Answer(None, "group", mention=head.span)
        name = self.naming.id(entity.name)
        return Answer(entity.name, "group", name, None, head.span, 0.8)

    def place(self, entity: ArticleEntity, head: Head) -> Answer:
        """A place that speaks is its government; its people are a group without a name."""
        assert head.mention is not None
        known = head.mention.known
        if known is None or known.form == "adjective":
            return Answer(None, "group", mention=head.span)
        government = self.naming.tables.government(known.country)
        step = f"{head.span.text} -> {government.name} [{known.form} of {known.country}]"
        return Answer(
            government.name, "organization", government.id, None, head.span, 0.85, (step,)
        )

    def people_of(self, head: Head) -> Answer:
        """``Cuban Americans`` have a name, ``many Americans`` and ``Americans`` none."""
        words = self.naming.phrases.tokens_in(Span(head.span.end - len(head.word), head.span.end))
        name = head.span.text
        tokens = self.naming.phrases.tokens
        i = bisect.bisect_left(tokens, words[0].start, key=lambda t: t.start) if words else 0
        if i and tokens[i - 1].capital and tokens[i - 1].end + 1 == tokens[i].start:
            name = f"{tokens[i - 1].text} {tokens[i].text}"
        if " " not in name and "-" not in name:
            return Answer(None, "group", mention=head.span)
        if any(w in ("some", "many", "most", "few", "several") for w in head.words):
            return Answer(None, "group", mention=head.span)
        return Answer(name, "group", self.naming.id(name), None, head.span, 0.7)

    def unknown_place(self, entity: ArticleEntity, head: Head) -> Answer | None:
        """A country that no table knows, where the article shows that it is one.

        ``Osmere's army``, ``the capital of Osmere``, ``in Osmere``; a capital that the article
        calls one is the government of its country.
        """
        text = self.naming.article.text
        called = (_CAPITAL.match(text, m.span.end) for m in entity.mentions[:_FIRST])
        capital = next((match for match in called if match is not None), None)
        country = capital[1] if capital else entity.name
        shown = capital or any(
            self._shows_place(m.span) for m in entity.mentions[:_FIRST] if m.span != head.span
        )
        if not shown:
            return None
        government = self.naming.tables.government(country)
        step = f"{head.span.text} -> {government.name} [place by the words around it]"
        return Answer(
            government.name, "organization", government.id, None, head.span, 0.65, (step,)
        )

    def _shows_place(self, span: Span) -> bool:
        text = self.naming.article.text
        before, after = text[max(0, span.start - 16) : span.start], text[span.end : span.end + 30]
        return bool(_PLACE_AFTER.match(after) or _PLACE_BEFORE.search(before))

    def nominal(self, head: Head, said: Sequence[Said]) -> Answer:
        """``Trump's campaign``, ``China's foreign ministry``, ``the court``.

        Args:
            head: A common noun for an organization.
            said: Earlier quotes whose speakers are known.
        """
        unnamed = Answer(None, "organization", mention=head.span)
        place = self._place_of(head) or self._place_before(head)
        if head.word in _CAMPAIGN_NOUNS:
            return self._campaign(head, said)
        if place and head.word in ("government", "authorities"):
            known = self.naming.tables.government(place)
            return self._office(head, known.name, known.id, place)
        kind = " ".join(w for w in head.words if w in MINISTRY_KINDS)
        if head.word in _MINISTRIES and kind:
            home = place or self._ministry_before(kind, head.span.start) or self._home()
            if home and head.definite:
                known = self.naming.tables.ministry(kind, home)
                if head.word == "department" and known.name.startswith("Ministry of"):
                    name = known.name.replace("Ministry", "Department", 1)
                    known = replace(known, name=name, id=name_id(name))
                answer = self._office(head, known.name, known.id, home)
                return answer if place else replace(answer, probability=0.7)
        owned = self._owned(head, said, place)
        if owned is not None:
            return owned
        if head.definite and head.owner is None:
            return self._ministry_just_named(head) or self.before(head)
        return unnamed

    def _place_of(self, head: Head) -> str:
        """The country of a phrase, or the place after ``of`` and ``in``; empty without one."""
        country = self.naming.country_of(head)
        if country is not None:
            return country
        match = _OF.match(self.naming.article.text, head.span.end)
        if match is not None:
            for mention in self.naming.phrases.mentions_in(Span(match.end(), match.end() + 1)):
                known = mention.known
                if known is not None and known.type == "country":
                    return known.country
                if known is None and mention.form == "name" and mention.type == "unknown":
                    return mention.span.text
            return ""
        owner = head.owner
        unknown = owner is not None and owner.form == "name" and owner.type == "unknown"
        if unknown and owner is not None and len(name_words(owner.span.text)) == 1:
            end = owner.span.end
            possessive = self.naming.article.text[end : end + 2] in ("’s", "'s", "' ", "’ ")
            return owner.span.text if possessive else ""
        return ""

    def _place_before(self, head: Head) -> str:
        """``Osmere will close its border, its interior ministry said``: the place that is named
        first in the sentence.
        """  # noqa: D205
        if head.words[0] != "its" or head.word not in _OF_STATES:
            return ""
        sentences = self.naming.coreference.sentences
        low = sentences[max(bisect.bisect_right(sentences, head.span.start) - 1, 0)]
        for mention in self.naming.phrases.mentions_in(Span(low, head.span.start)):
            known = mention.known
            if known is not None and known.type == "country" and known.form != "adjective":
                return known.country
            name = mention.span.text
            dateline = name.isupper() or self.naming.article.text.startswith(")", mention.span.end)
            if mention.form == "name" and mention.type == "unknown" and not dateline:
                return name if " " not in name else ""
        return ""

    def _ministry_before(self, kind: str, position: int) -> str:
        """The country whose ministry of a kind is named last before a position; empty without."""
        before = [m for m in self._ministries if m.end <= position and m.kind == kind]
        return before[-1].country if before else ""

    def _ministry_just_named(self, head: Head) -> Answer | None:
        """``the ministry``, after one ministry that is named by its country and no other."""
        if head.word != "ministry" or head.words not in (("the", "ministry"), ("ministry",)):
            return None
        position, sentences = head.span.start, self.naming.coreference.sentences
        since = sentences[max(0, bisect.bisect_right(sentences, position) - 1 - _LAST)]
        known = just_named(self._ministries, position, since, self.naming.tables)
        if known is None:
            return None
        rival = self.before(head)
        last = rival.entity.before(position) if rival.entity is not None else None
        if last and not any(m.start <= last.span.start < m.end for m in self._ministries):
            near = any(since <= m.start < position for m in self._ministries)
            return Answer(None, "organization", mention=head.span) if near else None
        step = f"{head.span.text} -> {known.name} [named before]"
        return Answer(known.name, "organization", known.id, None, head.span, 0.8, (step,))

    def _home(self) -> str:
        """The one country that the article speaks of; empty where there are none or more."""
        counts: dict[str, int] = {}
        for mention in self.naming.phrases.mentions:
            known = mention.known
            state = known is not None and known.type == "country" and known.kind == "country"
            if known is not None and state and known.form != "capital":
                counts[known.country] = counts.get(known.country, 0) + 1
        if counts:
            return next(iter(counts)) if len(counts) == 1 else ""
        return self._unknown_home()

    def _unknown_home(self) -> str:
        """The one name that the article uses as a place: ``Osmere's king``, ``of Osmere``."""
        text, found = self.naming.article.text, set()
        for mention in self.naming.phrases.mentions:
            of = self.naming.entities.of(mention) if mention.form == "name" else None
            if of is None or of[0].type != "unknown" or " " in mention.span.text:
                continue
            start, end = mention.span.start, mention.span.end
            if text[end : end + 2] in ("'s", "’s") or text[:start].endswith((" of ", " in ")):
                found.add(of[0].name)
        return found.pop() if len(found) == 1 else ""

    def _owned(self, head: Head, said: Sequence[Said], place: str) -> Answer | None:
        """``Voss's office``, ``the central bank of Osmere``, ``the Osmerian army``."""
        text, owner = self.naming.article.text, head.owner
        if not head.definite and owner is None:
            return None
        if owner is None:
            if not place:
                return None
            noun = _without_article(head.span.text)
            return self._office(head, f"{noun} of {place}", "", place, 0.75)
        noun = text[owner.span.end : head.span.end]
        noun = re.sub(r"^(?:['’]s?)?\s+(?:own\s+)?", "", noun)
        if owner.form == "pronoun":
            word = owner.span.text.casefold()
            if word not in HE | SHE or head.word != "office":
                return None
            answer = self.people.pronoun(owner.span, word, said)
            if answer.name is None:
                return None
            name = f"Office of {answer.name}"
            return self._office(head, name, "", answer.name, 0.8 * answer.probability)
        found = self.naming.entities.of(owner)
        whose = found[0] if found is not None else None
        if whose is not None and whose.type == "person":
            if head.word != "office":
                return None
            return self._office(head, f"Office of {whose.name}", "", whose.name, 0.75)
        if place and text[owner.span.end : owner.span.end + 1] in ("'", "’"):
            return self._office(head, f"{_title_case(noun)} of {place}", "", place, 0.75)
        name = f"{whose.name if whose and whose.known else owner.span.text} {noun}"
        return self._office(head, " ".join(name.split()), "", owner.span.text, 0.6)

    def _office(
        self, head: Head, name: str, identifier: str, of: str, probability: float = 0.95
    ) -> Answer:
        step = f"{head.span.text} -> {name} [office of {of}]"
        return Answer(
            name, "organization", identifier or name_id(name), None, head.span, probability,
            (step,),
        )  # fmt: skip

    def _campaign(self, head: Head, said: Sequence[Said]) -> Answer:
        """The campaign or administration of somebody, named by the surname."""
        owner, probability = self._whose_campaign(head, said)
        surname = owner.split()[-1] if owner and surnames(owner) else owner
        noun = "campaign" if head.word == "team" else head.word
        team = head.word == "team" and not any(n == surname for _, n, _ in self._campaigns)
        if owner is None or team:
            return Answer(None, "organization", mention=head.span)
        name = f"{surname} {noun}"
        step = f"{head.span.text} -> {name} [{head.word} of {owner}]"
        return Answer(
            name, "organization", self.naming.id(name), None, head.span, probability, (step,)
        )

    def _whose_campaign(self, head: Head, said: Sequence[Said]) -> tuple[str | None, float]:
        """The owner of a campaign by name, and how probable; failing one the one named last."""
        owner = head.owner
        if owner is not None and owner.form == "pronoun":
            word = owner.span.text.casefold()
            if word not in HE | SHE:
                return None, 0.0
            answer = self.people.pronoun(owner.span, word, said)
            return answer.name, answer.probability
        if owner is not None:
            found = self.naming.entities.of(owner)
            person = found is not None and found[0].type == "person"
            if head.word == "team" and not person:
                return None, 0.0
            return (found[0].name if found is not None else owner.span.text), 0.9
        i = bisect.bisect_left(self._campaigns, (head.span.start,))
        for _, name, noun in reversed(self._campaigns[max(0, i - 20) : i]):
            if noun == head.word:
                return name.removesuffix("'s").removesuffix("’s"), 0.7
        return None, 0.0

    def before(self, head: Head) -> Answer:
        """The organization named before whose name, kind or apposition has the noun.

        Failing that, for a noun that fits any (``the company``), the one named last. In a headline
        the one named first after it.
        """
        naming, position = self.naming, head.span.start
        best: tuple[int, int, ArticleEntity] | None = None
        rivals = 0
        for entity in self._organizations():
            mention = entity.before(position)
            later = mention is None
            if later and not self._cataphora(position):
                continue
            distance = position - mention.span.start if mention else entity.starts[0] - position
            fits = fit(head, entity, abs(distance))
            if not fits:
                continue
            key = (fits - later, -abs(distance))
            rivals = 1 if best is None or key[0] > best[0] else rivals + (key[0] == best[0])
            if best is None or key > best[:2]:
                best = (*key, entity)
        if best is None:
            return Answer(None, "organization", mention=head.span)
        fits, _, entity = best
        step = f"{head.span.text} -> {entity.name} [named before]"
        mention = entity.before(position) or entity.mentions[0]
        sure = 0.8 if fits >= 2 else 0.65
        if rivals > 1 and not set(head.words[1:-1]) <= {*name_words(entity.name), *entity.nouns}:
            sure = 0.4  # ``the rights group``, and nothing tells which of two groups that is
        answer = naming.entity(entity, mention, sure, (step,))
        if entity.type == "unknown":
            answer = replace(answer, probability=max(answer.probability, 0.6))
        return replace(answer, mention=head.span, type="organization")

    def _organizations(self) -> Iterable[ArticleEntity]:
        """Organizations, and names that may be one: no person's, and no common noun."""
        for entity in self.naming.entities.entities:
            if entity.type not in ("organization", "unknown") or not entity.starts:
                continue
            if name_words(entity.name)[-1:] and entity.name.casefold() in ORG_NOUNS:
                continue
            yield entity

    def _cataphora(self, position: int) -> bool:
        """Whether a position is in the headline, where the name comes only later."""
        text = self.naming.article.text
        end = text.find("\n")
        return 0 <= position < end < 200

    def it(self, head: Head, previous: Quote | None) -> Answer:
        """``it``: the organization or document that spoke before, else that was named last."""
        for speaker in previous.speakers if previous is not None else ():
            if speaker.type in ("organization", "document"):
                step = f"{head.span.text} -> {speaker.name} [speaker before]"
                return again(speaker, head.span, step, 0.75)
        naming, position = self.naming, head.span.start
        sentences = naming.coreference.sentences
        i = bisect.bisect_right(sentences, position) - 1
        low = sentences[max(0, i - 1)]
        for mention in naming.phrases.mentions_in(Span(low, position)):
            found = naming.entities.of(mention) if mention.form == "name" else None
            if found is None:
                continue
            entity = found[0]
            if entity.type == "organization" or (entity.type == "unknown" and entity.nouns):
                step = f"{head.span.text} -> {entity.name} [named before]"
                answer = naming.entity(entity, mention, 0.6, (step,))
                return replace(answer, mention=head.span, type="organization")
            if entity.type == "person":
                break
        return Answer(None, "organization", mention=head.span)


def _without_article(noun: str) -> str:
    words = noun.split()
    while words and words[0].casefold() in ("the", "a", "an", "its", "his", "her", "their"):
        words = words[1:]
    return " ".join(words)


def _title_case(noun: str) -> str:
    return " ".join(w if w in _LOWER else w[:1].upper() + w[1:] for w in noun.split())
