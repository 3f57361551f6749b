"""What is checked of a claim against its evidence, one module a check."""
