"""Who is the same across articles: proposals with their evidence, never a silent merge.

People outside the roster get an identifier for each article. This module proposes which of them
are one, from names that agree and what else the articles say; a person accepts or refuses.
``merged`` applies what was accepted and returns the log that undoes it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quotestance.records import AnnotatedArticle
from quotestance.stages.names import name_words, same_name, surnames

_OURS = "qs:"


@dataclass(frozen=True, slots=True)
class MergeProposal:
    """Two identifiers that may stand for one person or organization.

    Args:
        keep: Identifier of the fuller name.
        merge: The other identifier.
        name: The fuller name.
        articles: Ids of the articles that name them.
        evidence: Why they may be one, one reason an entry.
        score: Strength of the evidence from 0 to 1; no probability.
    """

    keep: str
    merge: str
    name: str
    articles: tuple[str, ...]
    evidence: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Seen:
    id: str
    name: str
    type: str
    articles: tuple[str, ...]
    roles: frozenset[str]
    outlets: frozenset[str]


def propose_merges(docs: Iterable[AnnotatedArticle]) -> list[MergeProposal]:
    """Speakers of several articles that may be one, strongest evidence first.

    Args:
        docs: Articles with resolved speakers; identifiers of a roster are never merged.

    Returns:
        One proposal a pair; nothing is changed.
    """
    seen = _collect(docs)
    by_surname: dict[tuple[str, ...], list[_Seen]] = {}
    for one in seen:
        for key in {*surnames(one.name)[:1], name_words(one.name)}:
            by_surname.setdefault(key, []).append(one)
    found: dict[tuple[str, str], MergeProposal] = {}
    for group in by_surname.values():
        for i, first in enumerate(group):
            for other in group[i + 1 :]:
                proposal = _compare(first, other)
                if proposal is not None:
                    found[proposal.keep, proposal.merge] = proposal
    return sorted(found.values(), key=lambda p: (-p.score, p.name, p.merge))


def merged(
    docs: Sequence[AnnotatedArticle], accepted: Iterable[MergeProposal]
) -> tuple[list[AnnotatedArticle], dict[str, str]]:
    """Articles with accepted merges applied, and the log: old identifier to new one.

    The log, with the articles as they were, undoes it; names are left as each article has them.

    Args:
        docs: The articles.
        accepted: Proposals that somebody agreed to.
    """
    log: dict[str, str] = {}
    for proposal in accepted:
        log[proposal.merge] = proposal.keep
    for old in log:
        chain = {old}
        while log[old] in log and log[old] not in chain:
            chain.add(log[old])
            log[old] = log[log[old]]
    return [_with_ids(doc, log) for doc in docs], log


def _with_ids(doc: AnnotatedArticle, log: Mapping[str, str]) -> AnnotatedArticle:
    quotes = tuple(
        quote.replace(
            speakers=tuple(
                dataclasses.replace(s, id=log.get(s.id, s.id) if s.id else None)
                for s in quote.speakers
            ),
            target_id=log.get(quote.target_id, quote.target_id) if quote.target_id else None,
        )
        for quote in doc.quotes
    )
    entities = tuple(dataclasses.replace(e, id=log.get(e.id, e.id)) for e in doc.entities)
    return dataclasses.replace(doc, quotes=quotes, entities=entities)


def _collect(docs: Iterable[AnnotatedArticle]) -> list[_Seen]:
    found: dict[str, _Seen] = {}
    for doc in docs:
        for quote in doc.quotes:
            for speaker in quote.speakers:
                if speaker.id is None or speaker.name is None or not speaker.id.startswith(_OURS):
                    continue
                roles = frozenset({speaker.role.casefold()} if speaker.role else ())
                outlets = frozenset({doc.outlet} if doc.outlet else ())
                old = found.get(speaker.id)
                found[speaker.id] = _Seen(
                    speaker.id,
                    speaker.name,
                    speaker.type,
                    tuple(dict.fromkeys((*(old.articles if old else ()), doc.id))),
                    roles | (old.roles if old else frozenset()),
                    outlets | (old.outlets if old else frozenset()),
                )
    return list(found.values())


def _compare(a: _Seen, b: _Seen) -> MergeProposal | None:
    if a.id == b.id or a.type != b.type:
        return None
    if len(name_words(b.name)) > len(name_words(a.name)):
        a, b = b, a
    equal = name_words(a.name) == name_words(b.name)
    if equal:
        evidence, score = [f"both are named {a.name!r}"], 0.6
    elif a.type == "person" and same_name(a.name, b.name):
        evidence, score = [f"{b.name!r} can be short for {a.name!r}"], 0.4
    else:
        return None
    roles = a.roles & b.roles
    if roles:
        evidence.append("both are called " + ", ".join(sorted(roles)))
        score += 0.3
    elif a.roles and b.roles:
        said = (", ".join(sorted(a.roles)), ", ".join(sorted(b.roles)))
        evidence.append(f"one is called {said[0]}, the other {said[1]}")
        score -= 0.2
    if a.outlets & b.outlets:
        evidence.append("both in " + ", ".join(sorted(a.outlets & b.outlets)))
        score += 0.05
    articles = tuple(dict.fromkeys((*a.articles, *b.articles)))
    return MergeProposal(a.id, b.id, a.name, articles, tuple(evidence), round(score, 2))
