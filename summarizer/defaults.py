"""The default settings, apart from `settings` so that `--help` need not import pydantic."""

from typing import Final

MODEL = "openai/gpt-5.4-mini"
"""Used where there is a key or a server but no model is named: small, priced, strict about a JSON schema."""
PROMPT = "summarize"
TAKEAWAYS = 5
CONCURRENCY = 16
TIMEOUT = 120.0
"""Seconds: a slow model needs up to a minute for a long article."""
PROOF: Final = "assisted"
"""What code doubts is put to a second look where a language model answers."""
