"""Scoring against hand labels: corpus readers, metrics, intervals, the table and error browser.

Training and model choice call ``score_quotes`` and ``score_targeted`` of
``quotestance.evaluation.evaluate``, the same that ``quotestance evaluate`` calls.
"""

from quotestance.evaluation.bootstrap import Figure, Scores
from quotestance.evaluation.evaluate import Evaluation, compare_predictions, evaluate

__all__ = ["Evaluation", "Figure", "Scores", "compare_predictions", "evaluate"]
