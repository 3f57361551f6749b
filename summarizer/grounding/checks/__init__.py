"""The checks of a claim against its evidence, one module each."""
