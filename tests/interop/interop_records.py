"""Records for the round trips: one written by hand, and a Hypothesis strategy for any."""

from __future__ import annotations

from hypothesis import strategies as st

from quotestance.records import (
    KINDS,
    MODES,
    POLARITIES,
    SPEAKER_TYPES,
    STANCES,
    TARGET_TYPES,
    AnnotatedArticle,
)

TEXT = (
    "📰 Ferry row in Port Calé\r\n\r\n"
    "“We will sail,” Mayor Orsa Venn said. “And\twe will not ask twice.”\r\n\r\n"
    "Union leader Tomas Brill said Venn had called the plan “a gi\u0301ft 👩\u200d🚒”."
)


def find(words, text=TEXT):
    start = text.index(words)
    return [start, start + len(words)]


def by_hand():
    """Split, nested, with a model's numbers, unlabelled keys and keys of its own."""
    outer = find("Venn had called the plan “a gi\u0301ft 👩\u200d🚒”")
    return AnnotatedArticle.from_dict(
        {
            "id": "fiction/ferry 1", "title": "Ferry\nrow", "outlet": "Calé Courier",
            "date": "2031-05-04", "text": TEXT, "meta": {"desk": "harbour"},
            "model": {"name": "small", "version": "1"},
            "quotes": [
                {"id": "a", "content": [find("“We will sail,”"),
                                        find("“And\twe will not ask twice.”")],
                 "cue": [find("said")], "source": [find("Mayor Orsa Venn")], "kind": "direct",
                 "speakers": [{"name": "Orsa Venn", "type": "person", "id": "X1", "role": "mayor",
                               "mention": find("Orsa Venn"), "confidence": 0.9,
                               "steps": ["Venn -> Orsa Venn"]},
                              {"name": None, "type": "group"}],
                 "via": ["Calé Radio", "A | B"], "polarity": "affirmed", "mode": "speech",
                 "stance": "supportive", "target": "the ferry\tplan", "target_type": "issue",
                 "target_span": find("Ferry"), "target_id": "T9",
                 "confidence": {"quote": 0.8, "stance": 0.7},
                 "stance_probabilities": {"supportive": 0.7, "neutral": 0.2, "critical": 0.1}},
                {"id": "b", "content": [outer], "cue": [[outer[0] - 5, outer[0] - 1]],
                 "source": [find("Union leader Tomas Brill")], "kind": "mixed", "stance": None,
                 "speakers": [], "is_quote": False, "checked by": "AB"},
                {"id": "c", "content": [find("“a gi\u0301ft 👩\u200d🚒”")],
                 "cue": [find("called")], "inside": "b", "polarity": "denied", "via": [],
                 "stance": "critical", "target": None},
            ],
        }
    )  # fmt: skip


NAMES = st.text(max_size=8)
# Where offsets go wrong: line ends of every kind, combining marks, emoji, tabs, escapes.
HARD = st.sampled_from("ab. \n\r\t\x0b\x85\u2028\u0301😀\u200d“#\\|")
ANY = st.characters() | HARD
UTF8 = st.characters(exclude_categories=["Cs"]) | HARD
NO_NUL = st.characters(exclude_categories=["Cs"], exclude_characters="\x00") | HARD


@st.composite
def _spans(draw, text, least, empty, overlaps):
    """Spans of a text; none that is empty or blank, none that overlaps another, if so asked."""
    edges = st.integers(0, len(text))
    pairs = st.lists(st.tuples(edges, edges).map(sorted), min_size=least, max_size=3)
    found = [pair for pair in draw(pairs) if empty or text[pair[0] : pair[1]].strip()]
    if overlaps:
        return found
    apart = []
    for pair in sorted(found):
        if not apart or pair[0] >= apart[-1][1]:
            apart.append(pair)
    return apart


def _labels(mention):
    """The labels of a quote, each given, null or left out."""
    speaker = st.fixed_dictionaries(
        {"name": st.none() | NAMES, "type": st.sampled_from(SPEAKER_TYPES)},
        optional={"id": NAMES, "mention": st.just(mention), "aliases": st.lists(NAMES)},
    )
    words = {"kind": KINDS, "polarity": POLARITIES, "mode": MODES, "stance": STANCES,
             "target_type": TARGET_TYPES}  # fmt: skip
    return st.fixed_dictionaries({}, optional={
        **{key: st.none() | st.sampled_from(allowed) for key, allowed in words.items()},
        "speakers": st.lists(speaker, max_size=2), "via": st.lists(NAMES, max_size=2),
        "target": st.none() | NAMES, "is_quote": st.booleans(),
        "of mine": st.integers() | NAMES})  # fmt: skip


@st.composite
def records(draw, alphabet=ANY, empty_spans=True, overlaps=True):
    """Any record over any text of the alphabet."""
    text = draw(st.text(alphabet, max_size=60))
    quotes = []
    for i in range(draw(st.integers(0, 3))):
        roles = ("content", "cue", "source")[: draw(st.integers(1, 3))]
        spans = {role: draw(_spans(text, role == "content", empty_spans, overlaps))
                 for role in roles}  # fmt: skip
        target = draw(_spans(text, 0, empty_spans, overlaps))
        if spans["content"]:
            target = {"target_span": target[0]} if target else {}
            quotes.append({"id": f"q{i}", **spans, **target, **draw(_labels([0, len(text)]))})
    data = {"id": draw(NAMES), "text": text, "quotes": quotes, "title": draw(st.none() | NAMES)}
    data["meta"] = draw(st.dictionaries(NAMES, st.integers(), max_size=2))
    return AnnotatedArticle.from_dict(data)


def bare(doc):
    """Spans and labels of each quote: what an annotator sees and edits."""
    return [
        {key: value for key, value in quote.to_dict().items()
         if key in ("content", "cue", "source", "target_span", "kind", "polarity", "mode",
                    "stance", "target_type") and value not in (None, [])}
        for quote in doc.quotes
    ]  # fmt: skip
