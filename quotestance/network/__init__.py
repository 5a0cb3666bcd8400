"""The network: configuration, encoder with heads, checkpoints, batches, runtime."""
