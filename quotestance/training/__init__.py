"""Training: labels to tensors, the mixture of corpora, the trainer, calibration."""
