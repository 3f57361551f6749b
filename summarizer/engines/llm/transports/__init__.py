"""How a request reaches a server: through the openai SDK, or through another provider's SDK and instructor."""
