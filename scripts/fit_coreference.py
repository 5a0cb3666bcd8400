"""Fit the weights of ``quotestance/stages/salience.py``.

    python scripts/fit_coreference.py --corpora ../shared/corpora --model models/small

First those of the features that need no network: a conditional logit over the candidates of each
labelled pronoun of ``gap-train`` and of the sources of ``polnear-stance-train`` that are pronouns.
What earlier pronouns mean is a feature of later ones, so features are read three times, each time
with the weights of the last. Then the four numbers that join them with the network, on
``gap-dev`` and ``polnear-stance-dev``: the network has seen the train files and is surer there
than it may be. Prints the weights, to put into the module, and how often they are right.
"""

from __future__ import annotations

import argparse
import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from quotestance.evaluation import corpora
from quotestance.network.checkpoint import load_checkpoint
from quotestance.network.runtime import Network, choose_device
from quotestance.pipeline import antecedent_scorer
from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle, read_records
from quotestance.stages import gazetteer
from quotestance.stages.coreference import AntecedentScorer, Coreference, Options, Question, Said
from quotestance.stages.entities import ArticleEntities
from quotestance.stages.entity import ArticleEntity
from quotestance.stages.mentions import find_mentions
from quotestance.stages.names import same_name, short_for
from quotestance.stages.roster import Roster
from quotestance.stages.salience import ALONE, NAMES, Weights, joined
from quotestance.stages.tokens import sentence_starts, tokenize

Row = tuple[Options, NDArray[np.bool_]]
_ROUNDS = 3
_PULL = 1.0  # of the squared weights, in pronouns
START = (0.5, 0.5, 0.0, 0.5)  # trust, network, null, null_network

say = functools.partial(print, flush=True)


@dataclass(frozen=True)
class Asked:
    """A pronoun whose answer is known.

    Args:
        span: Where it stands.
        right: Spans or names of whom it means.
        wrong: Spans of whom it does not mean.
        said: Names of speakers with first and last position of what they said.
    """

    span: Span
    right: Sequence[Span | str]
    wrong: Sequence[Span]
    said: Sequence[tuple[int, int, str]] = ()


def gap_questions(path: Path) -> Iterator[tuple[str, list[Asked], list[Span]]]:
    """Snippets and the one pronoun of each."""
    for e in corpora.read_gap(path):
        right = [span for span, truth in e.candidates if truth]
        wrong = [span for span, truth in e.candidates if not truth]
        yield e.text, [Asked(e.pronoun, right, wrong)], []


def speaker_questions(path: Path) -> Iterator[tuple[str, list[Asked], list[Span]]]:
    """Articles and the sources of them that are a pronoun, with the quotes before each."""
    for doc in read_records(path):
        yield doc.text, _asked_of(doc), [span for quote in doc.quotes for span in quote.content]


def _asked_of(doc: AnnotatedArticle) -> list[Asked]:
    out: list[Asked] = []
    said: list[tuple[int, int, str]] = []

    def place(quote: Quote) -> int:
        return min(s.start for s in (*quote.content, *quote.cue, *quote.source))

    for quote in sorted((q for q in doc.quotes if q.content), key=place):
        name = quote.speaker.name if quote.speaker else None
        if name is None:
            continue
        if len(quote.source) == 1:
            out.append(Asked(quote.source[0], [name], [], tuple(said)))
        end = max(s.end for s in (*quote.content, *quote.cue, *quote.source))
        said.append((place(quote), end, name))
    return out


class Reader:
    """One text, with its entities and what the network says about its pronouns.

    Args:
        text: The text.
        asked: Pronouns of it whose answers are known.
        contents: Contents of its quotes.
        scorer: The network's antecedent head.
    """

    def __init__(
        self, text: str, asked: Sequence[Asked], contents: Sequence[Span], scorer: AntecedentScorer
    ) -> None:
        self.text, self.contents = text, contents
        self.asked = {question.span.start: question for question in asked}
        self.tokens, self.sentences = tokenize(text), sentence_starts(text)
        tables = gazetteer.builtin()
        mentions = find_mentions(text, tables, self.tokens)
        self.entities = ArticleEntities(
            text, mentions, self.tokens, Roster.empty(), None, tables
        ).entities
        self.scorer = functools.cache(lambda questions: scorer(questions))

    def rows(self, weights: Weights, network: bool) -> list[Row]:
        """Candidates of each known pronoun, and which of them (last, nobody) are right.

        Pronouns whose right answer is no candidate are left out.
        """

        def scorer(questions: Sequence[Question]) -> Sequence[Sequence[float]]:
            return self.scorer(tuple((span, tuple(spans)) for span, spans in questions))

        coreference = Coreference(
            self.text, self.tokens, self.entities, self.sentences, self.contents,
            scorer if network else None, weights,
        )  # fmt: skip
        out = []
        for pronoun in coreference.candidates.pronouns:
            question = self.asked.get(pronoun.span.start)
            said = _said(question, self.entities) if question else ()
            if question is not None:
                options = coreference.options(pronoun.span, pronoun.gender, said)
                right = _right(question, options)
                if right.any() and not right.all():
                    out.append((options, right))
            coreference.pronoun(pronoun.span, pronoun.gender, said)
        return out


def _said(question: Asked, entities: Sequence[ArticleEntity]) -> list[Said]:
    out = []
    for start, end, name in question.said[-4:]:
        found = next((e for e in entities if _named(e, name)), None)
        if found is not None:
            out.append(Said(start, end, found))
    return out


def _named(entity: ArticleEntity, name: str) -> bool:
    return same_name(entity.name, name) or short_for(entity.name, name)


def _right(question: Asked, options: Options) -> NDArray[np.bool_]:
    def means(entity: ArticleEntity, answer: Span | str) -> bool:
        if isinstance(answer, str):
            return _named(entity, answer)
        return any(m.span.start < answer.end and answer.start < m.span.end for m in entity.mentions)

    if question.right:
        right = [any(means(e, a) for a in question.right) for e in options.entities]
        return np.array([*right, False])
    right = [not any(means(e, a) for a in question.wrong) for e in options.entities]
    return np.array([*right, True])


def fit(rows: Sequence[Row]) -> Weights:
    """The likeliest weights, pulled a little to 0.

    Args:
        rows: Candidates with what is right, read without a network.
    """
    size = max(len(right) for _, right in rows)
    given = torch.zeros(len(rows), size, len(NAMES) + 2)
    right_of = torch.zeros(len(rows), size, dtype=torch.bool)
    there = torch.zeros(len(rows), size, dtype=torch.bool)
    for i, (options, right) in enumerate(rows):
        n = len(options.features)
        for j, features in enumerate(options.features):
            given[i, j, : len(NAMES)] = torch.tensor(features.values())
        given[i, n, len(NAMES) :] = torch.tensor([1.0, options.null])
        right_of[i, : n + 1] = torch.from_numpy(right)
        there[i, : n + 1] = True
    weights = torch.zeros(len(NAMES) + 2, requires_grad=True)
    search = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        search.zero_grad()
        scores = (given @ weights).masked_fill(~there, -math.inf)
        kept = scores.masked_fill(~right_of, -math.inf)
        value = (scores.logsumexp(1) - kept.logsumexp(1)).sum() + _PULL * weights.square().sum() / 2
        value.backward()
        return value

    search.step(loss)
    numbers = [round(x, 3) for x in weights.tolist()]
    return Weights(tuple(numbers[:-2]), numbers[-2], numbers[-1])


def share_right(rows: Sequence[Row], weights: Weights) -> float:
    """Share (0 to 100) of pronouns whose likeliest answer is a right one."""
    found = [
        right[int(np.argmax(weights.probabilities(options.features, options.null)))]
        for options, right in rows
    ]
    return 100 * float(np.mean(found))


def read_corpus(path: Path, network: Network) -> list[Reader]:
    """The texts of one file, read by the network."""
    read = gap_questions if path.name.startswith("gap") else speaker_questions
    out = []
    for text, asked, contents in read(path):
        (article,) = network.read([network.encode(text)])
        out.append(Reader(text, asked, contents, antecedent_scorer(network, article)))
    return out


def rows_of(corpus: Sequence[Reader], weights: Weights, network: bool) -> list[Row]:
    """Candidates of all questions, read with ``weights``."""
    return [row for reader in corpus for row in reader.rows(weights, network)]


def fit_joined(rows: Sequence[Row], alone: Weights, start: Sequence[float]) -> list[float]:
    """The four numbers of ``joined``, the likeliest ones, pulled a little to ``START``.

    Args:
        rows: Candidates with what is right.
        alone: Weights of the features without a network.
        start: Where the search starts.
    """
    numbers = torch.tensor(start, requires_grad=True)
    plain = torch.tensor(alone.features)
    clash = NAMES.index("clash")  # not subject to trust, see ``joined``
    told = float(plain[clash])
    plain[clash] = 0.0
    given = [
        (torch.tensor([f.values() for f in options.features]), options.null, torch.tensor(right))
        for options, right in rows
    ]
    search = torch.optim.LBFGS([numbers], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        search.zero_grad()
        trust, network, null, null_network = numbers
        value = torch.zeros(())
        for features, none, right in given:
            scores = (
                trust * (features @ plain) + network * features[:, 0] + told * features[:, clash]
            )
            nobody = trust * alone.null + null + null_network * none
            scores = torch.cat([scores, nobody[None]])
            value = value + scores.logsumexp(0) - scores[right].logsumexp(0)
        value = value + _PULL * (numbers - torch.tensor(START)).square().sum() / 2
        value.backward()
        return value

    search.step(loss)
    return [round(x, 3) for x in numbers.tolist()]


def report(
    title: str, corpora_of: dict[str, list[Reader]], weights: Weights, network: bool
) -> None:
    """How often weights are right, corpus by corpus."""
    for name, corpus in corpora_of.items():
        rows = rows_of(corpus, weights, network)
        say(f"# {title}, {name}: {share_right(rows, weights):.1f} % of {len(rows)} right")


def main() -> None:
    """Parse the command line, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--model", type=Path, default=Path("models/small"))
    options = parser.parse_args()
    network = Network(*load_checkpoint(options.model), choose_device("auto"))

    def read(*names: str) -> dict[str, list[Reader]]:
        return {n: read_corpus(options.corpora / f"{n}.jsonl", network) for n in names}

    train = read("gap-train", "polnear-stance-train")
    dev = read("gap-dev", "polnear-stance-dev")
    alone = ALONE
    for _ in range(_ROUNDS):
        alone = fit([row for c in train.values() for row in rows_of(c, alone, False)])
    say(f"ALONE: null={alone.null},")
    say("".join(f"    {n}={w},\n" for n, w in zip(NAMES, alone.features, strict=True) if w))
    report("alone", train | dev, alone, False)
    numbers = list(START)
    for _ in range(_ROUNDS):
        weights = joined(alone, *numbers)
        numbers = fit_joined(
            [r for c in dev.values() for r in rows_of(c, weights, True)], alone, numbers
        )
    say(
        "WITH_NETWORK: joined(ALONE, trust={}, network={}, null={}, null_network={})".format(
            *numbers
        )
    )
    report("with the network", train | dev, joined(alone, *numbers), True)


if __name__ == "__main__":
    main()
