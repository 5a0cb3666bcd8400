"""Wiring: an article in, every quote out. No logic of its own; the stages do the work."""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from quotestance.articles import Failure, as_articles
from quotestance.errors import InputError, QuotestanceError
from quotestance.network.checkpoint import find_folder, load_checkpoint
from quotestance.network.hub import push, save
from quotestance.network.runtime import Network, ReadArticle, choose_device
from quotestance.quality import text_warnings
from quotestance.quotes import Span, Stance
from quotestance.records import AnnotatedArticle, Article
from quotestance.stages.assembly import assemble, only_quotes, sentence_bounds
from quotestance.stages.attribution import AttributionStage
from quotestance.stages.coreference import AntecedentScorer, Question
from quotestance.stages.guide import by_guide
from quotestance.stages.passages import Places
from quotestance.stages.quotes import SpanStage
from quotestance.stages.speakers import SpeakerStage
from quotestance.stages.stance import StanceStage
from quotestance.stages.target_offers import ballots

if TYPE_CHECKING:
    from quotestance.network.marking import MarkedText
    from quotestance.stages.roster import Roster
    from quotestance.windows import EncodedText

Keep = Literal["quotes", "attributions"]
Pair = tuple[str, tuple[int, int], "tuple[int, int] | None"]


def load(
    model: str | Path | None = None, *, device: str = "auto", roster: Roster | None = None
) -> Pipeline:
    """Load a model and return a pipeline.

    Args:
        model: None for the shipped model, the folder of a checkpoint, or a hub name
            (``owner/name``) where there is a network.
        device: ``auto``, ``cpu`` or ``cuda``.
        roster: Known people and organizations; the built-in roster by default.

    Raises:
        ModelError: The checkpoint is missing, corrupt or of another format version.
        DeviceError: The device is not there.
    """
    folder = find_folder(model)
    chosen = choose_device(device)
    network = Network(*load_checkpoint(folder), chosen)
    return Pipeline(network, name=folder.name, roster=roster, folder=folder)


class Pipeline:
    """Finds the quotes of articles, who says them, toward what, and in what tone.

    Each stage is a callable and can be replaced by one of the user's own:
    ``nlp.spans``, ``nlp.attribution``, ``nlp.speakers``, ``nlp.stance_stage``.

    Args:
        network: The network.
        name: Name of the model, written into each record.
        roster: Known people and organizations; the built-in roster by default.
        folder: Folder that the network was loaded from; its card and terms are saved with it.
    """

    def __init__(
        self,
        network: Network,
        name: str = "model",
        roster: Roster | None = None,
        folder: Path | None = None,
    ) -> None:
        self.network = network
        self.name = name
        self.folder = folder
        self.version = network.config.release
        calibration: Mapping[str, float] = network.config.calibration
        self.calibration = calibration
        self.spans = SpanStage(network, calibration)
        self.attribution = AttributionStage(network, calibration)
        self.stance_stage = StanceStage(network, calibration)
        self.speakers = SpeakerStage(roster, calibration=calibration)

    def __call__(self, article: str | Article, *, keep: Keep = "quotes") -> AnnotatedArticle:
        """Annotate one article.

        Args:
            article: A string or an ``Article``; any Unicode text of any length.
            keep: ``quotes``, or ``attributions`` for what PolNeAR annotates and the guide calls
                no quote as well, marked ``is_quote=False``. Contents are then cut as PolNeAR cuts
                them (``described X as Y`` has ``X as Y``; a sentence in marks belongs to the cue
                before it), else as the guide does (``stages.guide``).

        Raises:
            InputError: ``article`` is neither, or ``keep`` is something else.
        """
        _check_keep(keep)
        return self._annotate([_as_article(article)], keep)[0]

    def pipe(
        self,
        articles: Iterable[Any],
        batch_size: int = 32,
        *,
        keep: Keep = "quotes",
        on_error: Literal["raise", "yield"] = "raise",
    ) -> Iterator[AnnotatedArticle | Failure]:
        """Annotate a stream of articles in order; never more than a batch is held.

        Args:
            articles: Strings, ``Article`` objects or mappings with ``text``; generators are fine.
            batch_size: Articles read together, from 1.
            keep: As for a single article.
            on_error: ``raise`` stops at an article that cannot be read; ``yield`` puts a
                ``Failure`` in its place and goes on.

        Yields:
            An ``AnnotatedArticle`` for each article, or a ``Failure``.

        Raises:
            InputError: An argument or, with ``on_error="raise"``, an article is at fault.
        """
        _check_keep(keep)
        if not isinstance(batch_size, int) or batch_size < 1:
            raise InputError(
                f"expected a whole number from 1, found {batch_size!r}", field="batch_size"
            )
        if on_error not in ("raise", "yield"):
            raise InputError(f"expected raise or yield, found {on_error!r}", field="on_error")
        return self._pipe(as_articles(articles), batch_size, keep, on_error)

    def _pipe(
        self, stream: Iterator[Article | Failure], batch_size: int, keep: Keep, on_error: str
    ) -> Iterator[AnnotatedArticle | Failure]:
        while batch := list(itertools.islice(stream, batch_size)):
            good = [item for item in batch if isinstance(item, Article)]
            results = iter(self._batch(good, keep, on_error))
            for item in batch:
                result = next(results) if isinstance(item, Article) else item
                if isinstance(result, Failure) and on_error == "raise":
                    raise result.error
                yield result

    def _batch(
        self, articles: Sequence[Article], keep: Keep, on_error: str
    ) -> Sequence[AnnotatedArticle | Failure]:
        try:
            return self._annotate(articles, keep)
        except QuotestanceError as error:
            if on_error == "raise":
                raise
            if len(articles) == 1:
                return [Failure(articles[0].id, error)]
            return [self._batch([article], keep, on_error)[0] for article in articles]

    def _annotate(self, articles: Sequence[Article], keep: Keep) -> list[AnnotatedArticle]:
        encoded = [self.network.encode(article.text) for article in articles]
        read = self.network.read(encoded)
        return [self._finish(a, r, keep) for a, r in zip(articles, read, strict=True)]

    def _finish(self, article: Article, read: ReadArticle, keep: Keep) -> AnnotatedArticle:
        bounds = sentence_bounds(read.encoded, article.text)
        places = Places.of(read.encoded, article.text, bounds)
        attributions = self.attribution(read, self.spans(read, article.text), places)
        if keep == "quotes":
            attributions = by_guide(attributions, read.encoded, article.text, places)
        readings = self.stance_stage(read, attributions, bounds)
        quotes = assemble(article.text, read.encoded, attributions, readings, self.calibration)
        offered = ballots(attributions, read.encoded, article.text, bounds)
        targets = dict(zip((quote.id for quote in quotes), offered, strict=True))
        if keep == "quotes":
            quotes = only_quotes(quotes)

        antecedents = antecedent_scorer(self.network, read)
        quotes, entities = self.speakers(article, quotes, antecedents, targets)
        return AnnotatedArticle(
            text=article.text,
            id=article.id,
            title=article.title,
            outlet=article.outlet,
            date=article.date,
            meta=article.meta,
            quotes=quotes,
            entities=entities,
            model={"name": self.name, "version": self.version},
            warnings=text_warnings(article.text),
        )

    def stance(
        self, text: str, target: tuple[int, int], holder: tuple[int, int] | None = None
    ) -> Stance:
        """Stance of a given holder toward a given target.

        Args:
            text: A sentence or a paragraph.
            target: ``(start, end)`` of the words that name the target, in code points.
            holder: ``(start, end)`` of the words that name whose stance it is; None for the
                writer.

        Raises:
            InputError: A span lies outside the text or holds no word.
        """
        return self.stance_stage.classify([self._marked("", text, target, holder)])[0]

    def stances(self, pairs: Iterable[Pair]) -> list[Stance]:
        """``stance`` for many ``(text, target, holder)``; faster than one by one."""
        marked = [self._marked(f"pairs[{i}].", *pair) for i, pair in enumerate(pairs)]
        return self.stance_stage.classify(marked)

    def save_pretrained(self, folder: str | Path) -> None:
        """Write the model to a folder that ``qs.load`` reads, with its card and terms.

        Raises:
            ModelError: The folder cannot be written.
        """
        save(self.network, folder, self.folder)

    def push_to_hub(self, name: str, *, private: bool = True, token: str | None = None) -> str:
        """Upload the model to the Hugging Face hub as ``owner/name``; needs a network.

        Args:
            name: Repository; made where it is missing.
            private: Whether a repository that is made is private.
            token: Access token; the one that ``hf auth login`` stored by default.

        Returns:
            Address of the repository.

        Raises:
            ModelError: The hub cannot be reached, or refuses.
        """
        return push(self.network, name, self.folder, private=private, token=token)

    def _marked(
        self, where: str, text: str, target: tuple[int, int], holder: tuple[int, int] | None
    ) -> MarkedText:
        text = _as_article(text).text
        encoded = self.network.encode(text)
        of_target = _words_of(target, text, encoded, f"{where}target")
        of_holder = None if holder is None else _words_of(holder, text, encoded, f"{where}holder")
        return self.stance_stage.given(encoded, of_target, of_holder)


def antecedent_scorer(network: Network, read: ReadArticle) -> AntecedentScorer:
    """The network's antecedent head, asked in code points about an article that it has read."""

    @functools.cache
    def words(span: Span) -> tuple[int, int]:
        return read.encoded.covering(span.start, span.end) or (0, 0)

    def score(questions: Sequence[Question]) -> list[list[float]]:
        asked = [(words(a), [words(c) for c in candidates]) for a, candidates in questions]
        return [row.tolist() for row in network.antecedents(read, asked)]

    return score


def _as_article(article: str | Article) -> Article:
    if isinstance(article, Article):
        return article
    return Article(article)


def _words_of(
    span: tuple[int, int], text: str, encoded: EncodedText, field: str
) -> tuple[int, int]:
    """First and last word of a span that the user gave."""
    try:
        start, end = (operator.index(number) for number in span)
    except (TypeError, ValueError):
        start, end = 0, 0
    words = encoded.covering(start, end) if 0 <= start < end <= len(text) else None
    if words is None:
        raise InputError(
            f"expected (start, end) of words within the {len(text)} code points of the text, "
            f"found {span!r}",
            field=field,
            hint="count code points from the start of the text, the end not included",
        )
    return words


def _check_keep(keep: str) -> None:
    if keep not in ("quotes", "attributions"):
        raise InputError(f"expected quotes or attributions, found {keep!r}", field="keep")
