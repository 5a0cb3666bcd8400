"""A tiny checkpoint with random weights, built offline: for wiring, not for quality.

Import the fixtures ``tiny_folder`` (its folder) and ``nlp`` (a pipeline over it) from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from torch import nn

from quotestance.network.checkpoint import load_checkpoint, save_checkpoint
from quotestance.network.config import QuotestanceConfig
from quotestance.network.labels import LAYERS, TAGS
from quotestance.network.model import QuotestanceModel
from quotestance.network.runtime import Network
from quotestance.pipeline import Pipeline
from quotestance.stages.roster import Roster
from quotestance.windows import WordPieces

WIDTH = 32
#: Makes content likelier than chance would.
CONTENT_BIAS = 1.0
SENTENCES = (
    "The mayor of Brackwater, Orla Venn, said the harbor wall would hold.",
    "“We have the stone, the boats and the people,” she told reporters on Tuesday.",
    "Fishermen disagreed. 'It leaks like a basket,' one of them said.",
    "Tomas Ikede, who leads the port union, denied that his members had asked for a strike.",
    "According to a statement released by the ministry, repairs cost 4.2 million crowns.",
    "\"He called it a disgrace,\" Venn recalled, \"and then he praised the engineers.\"",
    "Kestria hopes that its neighbor will sign the treaty before winter.",
)  # fmt: skip
ARTICLE = "\n\n".join(SENTENCES)


def tiny_encoder() -> WordPieces:
    """Pieces: every character of ``SENTENCES``, alone and within a word, and some whole words."""
    characters = sorted(set(ARTICLE.lower()) - set(" \n“”"))
    words = sorted({word for word in ARTICLE.lower().split() if word.isalpha()})
    inside = [f"##{character}" for character in characters if character.isalnum()]
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters, *inside, *words]
    vocabulary = {name: index for index, name in enumerate(dict.fromkeys(names))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return WordPieces(tokenizer)


def tiny_model(encoder: WordPieces, seed: int = 8, **settings: object) -> QuotestanceModel:
    """A network of 2 layers, 32 wide, whose heads are loud enough to find quotes."""
    torch.manual_seed(seed)
    bert = {
        "model_type": "bert",
        "hidden_size": WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "vocab_size": encoder._tokenizer.get_vocab_size(),
        "max_position_embeddings": 512,
        "attention_probs_dropout_prob": 0.0,
    }
    config = QuotestanceConfig(encoder=bert, head_size=16, **settings)
    model = QuotestanceModel(config)
    with torch.no_grad():
        for table in model.features.children():
            nn.init.normal_(table.weight, std=0.5)
        for name, parameter in model.named_parameters():
            if parameter.ndim == 2 and not name.startswith(("encoder.", "features.")):
                parameter.mul_(4)
        model.tagger.layers[-1].bias.view(len(LAYERS), len(TAGS))[0, 1:] += CONTENT_BIAS
    return model.eval()


def tiny_network(**settings: object) -> Network:
    """The tiny model in memory, on the CPU."""
    encoder = tiny_encoder()
    return Network(tiny_model(encoder, **settings), encoder, torch.device("cpu"))


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the tiny checkpoint."""
    folder = tmp_path_factory.mktemp("tiny") / "tiny"
    encoder = tiny_encoder()
    # Small windows, so that short texts are already cut and stitched.
    save_checkpoint(folder, tiny_model(encoder, window=48, context=12), encoder)
    return folder


@pytest.fixture(scope="session")
def network(tiny_folder: Path) -> Iterator[Network]:
    """The tiny checkpoint as a network; one torch thread, as tests share few cores."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield Network(*load_checkpoint(tiny_folder), torch.device("cpu"))
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def nlp(network: Network) -> Pipeline:
    """A pipeline over the tiny checkpoint, with an empty roster."""
    return Pipeline(network, name="tiny", roster=Roster.empty())
