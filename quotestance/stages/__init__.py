"""The stages of the pipeline: typed callables, each of which can be replaced."""
