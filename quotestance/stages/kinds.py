"""Which common nouns can mean an organization: ``the regulator``, ``the bloc``, ``the paper``.

Its name says what it is (``Federal Medicines Authority``), else the tables or an apposition do; a
noun that fits many (``the company``) means one only nearby, and none whose name says otherwise.
"""

from __future__ import annotations

from quotestance.stages.channels import is_medium
from quotestance.stages.entity import ArticleEntity
from quotestance.stages.lexicon import ORG_HEADS
from quotestance.stages.names import name_words
from quotestance.stages.phrases import Head

COMPANIES = frozenset(
    """company firm retailer lender carmaker automaker drugmaker chipmaker airline insurer
carrier manufacturer brewer utility operator startup chain maker producer supplier developer
publisher haulier club brand giant miner group""".split()
)
GENERIC = COMPANIES | frozenset(
    """organization organisation agency outfit nonprofit charity association regulator watchdog
body""".split()
)
_MEDIA = frozenset("paper newspaper network outlet magazine website site broadcaster".split())
_NEAR = 400  # code points within which a noun that fits many means the name before it

#: Nouns, and the last words of the names that they can mean.
_SORTS = tuple(
    (frozenset(nouns.split()), frozenset(heads.split()))
    for nouns, heads in (
        ("agency regulator watchdog body authority",
         "authority agency administration commission service bureau office board inspectorate "
         "directorate regulator"),
        ("party", "party union front movement alliance coalition league rally"),
        ("union", "union federation association alliance congress"),
        ("bank lender", "bank"),
        ("coalition alliance bloc", "coalition alliance bloc front union league"),
        ("department ministry", "department ministry office"),
        ("group organization organisation nonprofit charity association",
         "organization organisation association federation alliance coalition front movement "
         "society foundation league international watch observatory network trust initiative"),
        ("institute think-tank", "institute center centre foundation"),
        ("airline carrier", "airlines airways air"),
        ("club team", "rovers wanderers united club"),
        ("militia movement", "front movement army brigades"),
        ("military army", "army forces navy force"),
    )
)  # fmt: skip
_PUBLIC = frozenset(
    """ministry department court parliament council commission committee police army navy force
forces party government senate house congress assembly tribunal university school college church
cabinet authority agency administration""".split()
)
_STATE = frozenset("ministry department court parliament government police army cabinet".split())
#: Words of the names of international bodies that each noun can mean.
_INTERNATIONAL = {
    "bloc": frozenset("union association community brics seven group league cooperation".split()),
    "alliance": frozenset({"north"}),
    "body": frozenset("nations organization organisation federation".split()),
    "court": frozenset({"court"}),
}


def fit(head: Head, entity: ArticleEntity, distance: int) -> int:
    """How well a noun fits: 3 by the name, 2 by what it is called, 1 by nearness, 0 not.

    Args:
        head: The noun phrase.
        entity: An organization, or a name that may be one.
        distance: Code points between the two.
    """
    words = name_words(entity.name)
    kind = entity.known.kind if entity.known else ""
    if entity.type == "unknown":
        if head.word in entity.nouns or head.word == words[-1]:
            return 2
        near = distance < _NEAR and len(words) in (2, 3) and not entity.gender
        return int(head.word in COMPANIES and near and words[-1] not in _PUBLIC)
    if head.word in words:
        agree = sum(w in words for w in head.words)
        return 3 if agree > 1 or head.word == words[-1] else 2
    if head.word == kind or head.word in entity.nouns or _by_sort(head, words, kind):
        return 2
    if head.word not in GENERIC or distance >= _NEAR:
        return 0
    if kind not in ("", "agency", "company", "association"):
        return 0
    return int(words[-1] not in (_PUBLIC if head.word in COMPANIES else _STATE))


def _by_sort(head: Head, words: tuple[str, ...], kind: str) -> bool:
    """Whether the name or the tables say that an organization is of the sort of a noun."""
    if head.word in _MEDIA:
        return is_medium(" ".join(words), kind or None)
    if head.words[-2:] == ("news", "agency"):
        return kind == "news agency"
    if kind == "international":
        return bool(_INTERNATIONAL.get(head.word, frozenset()) & {words[0], words[-1]})
    if kind:
        return False
    last = words[-1] if words[-1] in ORG_HEADS else next((w for w in words if w in ORG_HEADS), "")
    return any(head.word in nouns and last in heads for nouns, heads in _SORTS)
