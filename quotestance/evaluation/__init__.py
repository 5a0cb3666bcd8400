"""Scoring against hand labels: corpus readers, metrics, intervals, the table and error browser.

The one function behind ``quotestance evaluate`` is ``quotestance.evaluation.evaluate.evaluate``;
training and model choice call ``score_quotes`` and ``score_targeted`` of the same module.
"""
