"""The default settings that `--help` states, apart from `settings` so that it need not wait for pydantic."""

PROMPT = "summarize"
TAKEAWAYS = 5
CONCURRENCY = 16
