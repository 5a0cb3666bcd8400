"""Choose biases, thresholds and temperatures of a trained checkpoint anew, its weights as they are.

    python scripts/calibrate.py --model models/small --corpora ../shared/corpora

For use after a change of the decoder; ``scripts/train_small.py`` calibrates by itself.
"""

from __future__ import annotations

import argparse
import functools
from pathlib import Path

from quotestance.network.checkpoint import load_checkpoint, save_checkpoint
from quotestance.network.runtime import Network, choose_device
from quotestance.training.shipped import calibrate


def main() -> None:
    """Parse the command line, calibrate, and write the checkpoint back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/small"))
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    options = parser.parse_args()
    model, encoder = load_checkpoint(options.model)
    network = Network(model, encoder, choose_device())
    calibrate(network, options.corpora, functools.partial(print, flush=True))
    save_checkpoint(options.model, network.model, encoder)


if __name__ == "__main__":
    main()
