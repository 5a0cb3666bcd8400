"""Training: examples, losses, the one trainer, calibration."""
