"""Speakers of matched quotes: right, wrong or withheld; via, polarity, mode, end to end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from quotestance.evaluation.bootstrap import Measure, f_measures, labelled, ratio
from quotestance.evaluation.calibration import Decisions, calibration_error
from quotestance.evaluation.spans import Alignment, Unit
from quotestance.quotes import Quote, Speaker

SOURCE_KINDS = ("name", "title", "pronoun", "organization", "none")
VERDICTS = ("right", "wrong", "withheld")
_PRONOUNS_TEXT = (
    "i me we us you he him she her it they them one who whom that which this these those "
    "himself herself itself themselves myself ourselves his hers its their theirs"
)
_PRONOUNS = frozenset(_PRONOUNS_TEXT.split())
_WORD = re.compile(r"\w+")


def normalize(name: str) -> str:
    """A name without case, accents, punctuation, leading ``the`` and doubled spaces."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"['’]s\b", "", plain)
    words = re.sub(r"[.'’]", "", plain)
    return " ".join(_WORD.findall(words)).removeprefix("the ")


def names(speaker: Speaker) -> frozenset[str]:
    """Normalized names that count as right for a gold speaker."""
    return frozenset(normalize(n) for n in (speaker.name, *speaker.aliases) if n)


def verdict(gold: Quote, predicted: Quote) -> str | None:
    """``right``, ``wrong`` or ``withheld``; None where the gold quote names no speaker.

    Wrong where a name is given that is none of the gold speakers, right where every gold
    speaker is named, withheld where a name is missing and none is wrong.
    """
    wanted = [names(speaker) for speaker in gold.speakers if speaker.name]
    if not wanted:
        return None
    given = _given(predicted)
    if any(all(name not in one for one in wanted) for name in given):
        return "wrong"
    return "right" if all(one & given for one in wanted) else "withheld"


def attributed(gold: Quote, predicted: Quote) -> bool:
    """Whether the speaker is right; an unnamed gold speaker asks that no name is given."""
    judged = verdict(gold, predicted)
    return judged == "right" if judged else not _given(predicted)


def source_kind(unit: Unit) -> str:
    """Kind of a gold source: ``name``, ``title``, ``pronoun``, ``organization`` or ``none``.

    None without words; pronoun where all of it is one; organization by the type of the speaker;
    name where it shares a word with the speaker's names; else title (any other noun phrase).
    """
    quote = unit.quote
    words = [word for span in quote.source for word in _WORD.findall(span.text)]
    if not words:
        return "none"
    if len(words) == 1 and words[0].casefold() in _PRONOUNS:
        return "pronoun"
    if any(speaker.type == "organization" for speaker in quote.speakers):
        return "organization"
    known = {word for speaker in quote.speakers for name in names(speaker) for word in name.split()}
    said = set(normalize(" ".join(words)).split())
    return "name" if known & said else "title"


def counts(alignment: Alignment) -> dict[str, float]:
    """Counts of one article for ``MEASURES``."""
    out: dict[str, float] = dict.fromkeys(("named", "unnamed", "invented"), 0)
    gold = [one.quote for one in alignment.gold]
    out["end_gold"] = sum(q.has("speakers") for q in gold)
    out["named_all"] = sum(_labelled_name(q) for q in gold)
    out["end_predicted"] = len(alignment.predicted)
    for g, p in alignment.matched():
        if g.quote.has("speakers"):
            _count_speaker(out, g, p)
        if g.quote.has("via"):
            _count_sets(out, "via", map(normalize, g.quote.via), map(normalize, p.quote.via))
        if g.quote.has("polarity"):
            sides = [["denied"] if q.polarity == "denied" else [] for q in (g.quote, p.quote)]
            _count_sets(out, "denied", *sides)
        if g.quote.has("mode"):
            _bump(out, "mode_right", g.quote.mode == p.quote.mode)
            _bump(out, "mode")
    for name, found in (
        ("via", sum(len(q.via) for q in gold if q.has("via"))),
        ("denied", sum(q.polarity == "denied" for q in gold if q.has("polarity"))),
    ):
        out[f"{name}_seen"] = found + out.get(f"{name}_predicted", 0)
    out["mode_all"] = sum(q.has("mode") for q in gold)
    return out | decisions(alignment).counts("speaker")


def decisions(alignment: Alignment) -> Decisions:
    """Named speakers of matched quotes with their confidence, and whether each is right."""
    out = Decisions()
    for g, p in alignment.matched():
        if g.quote.has("speakers") and _given(p.quote):
            out.add(confidence(p.quote), attributed(g.quote, p.quote))
    return out


def confidence(quote: Quote) -> float | None:
    """Confidence in the speaker of a predicted quote, from the quote or its first speaker."""
    if quote.confidence.speaker is not None:
        return quote.confidence.speaker
    return quote.speaker.confidence if quote.speaker else None


def _given(quote: Quote) -> frozenset[str]:
    return frozenset(normalize(speaker.name) for speaker in quote.speakers if speaker.name)


def _labelled_name(quote: Quote) -> bool:
    return quote.has("speakers") and any(speaker.name for speaker in quote.speakers)


def _bump(out: dict[str, float], key: str, by: float = 1) -> None:
    out[key] = out.get(key, 0) + by


def _count_speaker(out: dict[str, float], gold: Unit, predicted: Unit) -> None:
    right = attributed(gold.quote, predicted.quote)
    _bump(out, "end_right", right)
    judged = verdict(gold.quote, predicted.quote)
    if judged is None:
        out["unnamed"] += 1
        out["invented"] += not right
        return
    kind = source_kind(gold)
    for suffix in ("", f"_{kind}"):
        _bump(out, f"named{suffix}")
        _bump(out, f"speaker_{judged}{suffix}")


def _count_sets(
    out: dict[str, float], name: str, gold: Iterable[str], predicted: Iterable[str]
) -> None:
    wanted, given = set(gold), set(predicted)
    _bump(out, f"{name}_right", len(wanted & given))
    _bump(out, f"{name}_gold", len(wanted))
    _bump(out, f"{name}_predicted", len(given))


def _over_matched(name: str) -> list[Measure]:
    """F1 over matched quotes; 0 where gold has the label but nothing was matched."""
    found = f_measures(name, f"{name}_right", f"{name}_predicted", f"{name}_gold")
    return [labelled(measure, f"{name}_seen") for measure in found]


MEASURES: tuple[Measure, ...] = (
    *(
        labelled(Measure(f"speaker_{v}", ratio(f"speaker_{v}", "named"), "named"), "named_all")
        for v in VERDICTS
    ),
    *(
        Measure(f"speaker_{v}_{k}", ratio(f"speaker_{v}_{k}", f"named_{k}"), f"named_{k}")
        for k in SOURCE_KINDS
        for v in VERDICTS
    ),
    Measure("speaker_invented", ratio("invented", "unnamed"), "unnamed"),
    *_over_matched("via"),
    *_over_matched("denied"),
    labelled(Measure("mode_accuracy", ratio("mode_right", "mode"), "mode"), "mode_all"),
    *(
        labelled(measure, "end_gold")
        for measure in f_measures("end_to_end", "end_right", "end_predicted", "end_gold")
    ),
    calibration_error("ece_speaker", "speaker"),
)
"""Figures of speakers.

- ``speaker_right``, ``speaker_wrong``, ``speaker_withheld``: shares of matched quotes with a named
  speaker, see ``verdict``; with a suffix, of those whose source is of that kind.
- ``speaker_invented``: share of matched quotes with an unnamed speaker that were given a name.
- ``via``, ``denied``: F1 over matched quotes of channel names, and of denied polarity.
- ``mode_accuracy``: share of matched quotes whose mode is right.
- ``end_to_end``: quotes matched with the right speaker, against all quotes on both sides.
- ``ece_speaker``: expected calibration error of the names given.
"""
