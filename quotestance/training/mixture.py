"""The order in which batches of all tasks are seen: fixed by the seed, readable by index."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from quotestance.records import AnnotatedArticle
from quotestance.training.quote_examples import LabelledText, QuoteWindow, make_windows

T = TypeVar("T")


@dataclass(frozen=True)
class Batch:
    """What one step reads: a task and its examples."""

    task: str
    items: tuple[Any, ...]


def pack(
    items: Iterable[T], size: Callable[[T], int], most: int, draw: random.Random
) -> list[list[T]]:
    """Batches of items of like length, each at most ``most`` word pieces with its padding.

    Args:
        items: Examples in any order.
        size: Length of an example in word pieces.
        most: Word pieces of a batch, padding counted; a longer example gets a batch of its own.
        draw: Source of the order.
    """
    shuffled = list(items)
    draw.shuffle(shuffled)
    shuffled.sort(key=lambda item: size(item) // 24)
    batches: list[list[T]] = []
    longest = 0
    for item in shuffled:
        grown = max(longest, size(item) + 2)
        if batches and grown * (len(batches[-1]) + 1) <= most:
            batches[-1].append(item)
            longest = grown
        else:
            batches.append([item])
            longest = size(item) + 2
    draw.shuffle(batches)
    return batches


class Writer(Protocol):
    """Writes labelled articles of its own."""

    def article(self, name: str) -> AnnotatedArticle:
        """The next one, of that name."""
        ...


class QuoteSource:
    """Windows of labelled articles, cut and augmented anew in each epoch.

    Args:
        variants: For each article its labelled text, and after it the same in other styles.
        label: Turns a made article into a labelled text.
        writers: Writers of made articles, each with the articles it writes for each real one.
        restyled: Share of the articles that an epoch sees in another style, where there is one.
        sizes: Window sizes to draw from, in word pieces.
    """

    def __init__(
        self,
        variants: Sequence[Sequence[LabelledText]],
        label: Callable[[AnnotatedArticle], LabelledText] | None = None,
        writers: Sequence[tuple[Writer, float]] = (),
        restyled: float = 0.25,
        sizes: Sequence[int] = (192, 256, 256, 320),
    ) -> None:
        self._variants = variants
        self._label = label
        self._writers = writers
        self._restyled = restyled
        self._sizes = sizes

    def epoch(self, draw: random.Random) -> list[QuoteWindow]:
        """All windows of one pass."""
        windows: list[QuoteWindow] = []
        for plain, *others in self._variants:
            item = draw.choice(others) if others and draw.random() < self._restyled else plain
            windows += self._cut(item, draw)
        if self._label is not None:
            for number, (writer, share) in enumerate(self._writers):
                for i in range(int(len(self._variants) * share)):
                    made = self._label(writer.article(f"made-fiction-{number}-{i}"))
                    windows += [replace(w, made=True) for w in self._cut(made, draw)]
        return [window for window in windows if len(window.pieces)]

    def _cut(self, item: LabelledText, draw: random.Random) -> list[QuoteWindow]:
        return make_windows(
            item,
            draw.choice(self._sizes),
            drop_shape=draw.random() < 0.06,
            drop_marks=draw.random() < 0.03,
        )


class PairSource:
    """Short examples, a fixed share of them in each epoch, each group at its own rate.

    Args:
        groups: Examples with the share (0 and up) of the group that one epoch sees.
    """

    def __init__(self, groups: Sequence[tuple[Sequence[Any], float]]) -> None:
        self._groups = groups

    def epoch(self, draw: random.Random) -> list[Any]:
        """The examples of one pass."""
        out: list[Any] = []
        for items, rate in self._groups:
            whole, part = divmod(rate, 1.0)
            out += list(items) * int(whole)
            out += draw.sample(list(items), int(len(items) * part))
        return out


class Replay:
    """Examples of one source, and with them a sample of older ones, against forgetting.

    Args:
        new: Source of new examples (an object with ``epoch(random) -> examples``).
        old: Source of replayed ones.
        ratio: Replayed examples for each new one, from 0.

    Source:
        Robins 1995, Catastrophic forgetting, rehearsal and pseudorehearsal.
    """

    def __init__(self, new: Any, old: Any, ratio: float) -> None:
        self._new = new
        self._old = old
        self._ratio = ratio

    def epoch(self, draw: random.Random) -> list[Any]:
        """The examples of one pass."""
        examples = list(self._new.epoch(draw))
        old = self._old.epoch(draw)
        return examples + draw.sample(old, min(len(old), round(len(examples) * self._ratio)))


class Mixture:
    """All batches of a training run as a sequence that can be read at any index.

    Args:
        sources: Task name to its source (an object with ``epoch(random) -> examples``).
        epochs: Number of passes.
        most: Word pieces of a batch, padding counted.
        seed: Seed of every draw.
    """

    def __init__(self, sources: dict[str, Any], epochs: int, most: int, seed: int) -> None:
        self._sources = sources
        self._most = most
        self._seed = seed
        self._current: tuple[int, list[Batch]] = (-1, [])
        self.batches_per_epoch = len(self._epoch(0))
        self.epochs = epochs

    def __len__(self) -> int:
        return self.batches_per_epoch * self.epochs

    def __getitem__(self, index: int) -> Batch:
        epoch, position = divmod(index, self.batches_per_epoch)
        batches = self._epoch(epoch)
        return batches[position % len(batches)]

    def _epoch(self, epoch: int) -> list[Batch]:
        # Made examples draw from a state that runs through the epochs, so a resumed run goes
        # through those that it skips.
        while self._current[0] < epoch:
            self._current = (self._current[0] + 1, self._draw(self._current[0] + 1))
        if self._current[0] != epoch:
            self._current = (epoch, self._draw(epoch))
        return self._current[1]

    def _draw(self, epoch: int) -> list[Batch]:
        draw = random.Random(f"{self._seed}-{epoch}")
        batches = [
            Batch(task, tuple(items))
            for task, source in self._sources.items()
            for items in pack(source.epoch(draw), _length, self._most, draw)
        ]
        draw.shuffle(batches)
        return batches


def _length(item: Any) -> int:
    return len(item.pieces)
