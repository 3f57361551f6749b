"""How a request reaches a server: by the openai SDK, or by another provider's own through instructor."""
