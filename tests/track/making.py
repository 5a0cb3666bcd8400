"""Small records of invented people for the tests of the ledger."""

from quotestance.records import AnnotatedArticle, Quote, Span, Speaker, Stance

MODEL = {"name": "tiny", "version": "1.0"}
TONES = {
    "supportive": (0.8, 0.15, 0.05),
    "neutral": (0.1, 0.8, 0.1),
    "critical": (0.05, 0.15, 0.8),
}


def quote(text, content, speaker="Orla Venn", target="Kestria", stance="neutral", id="q1", **more):
    start = text.index(content)
    labels = ("supportive", "neutral", "critical")
    probabilities = dict(zip(labels, TONES[stance], strict=True)) if stance else None
    return Quote(
        id,
        (Span(start, start + len(content)),),
        kind="indirect",
        speakers=(Speaker(speaker, "person"),) if speaker else (),
        target=target,
        target_type=more.pop("target_type", "country"),
        stance=Stance(stance, probabilities) if stance else None,
        **more,
    )


def doc(id, content="the river will not be sold to anyone", date="2031-03-05", **more):
    model = more.pop("model", MODEL)
    outlet = more.pop("outlet", "Dunmarrow Post")
    text = more.pop("text", None) or f"Orla Venn said {content}."
    return AnnotatedArticle(
        text, f"fiction-{id}", outlet=outlet, date=date, model=model,
        quotes=(quote(text, content, **more),) if content else (),
    )  # fmt: skip
