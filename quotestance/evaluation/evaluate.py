"""Evaluation."""

__all__ = ["human_ceiling", "score_quotes", "score_targeted"]
