"""Names of an article: where they stand and what they name."""
