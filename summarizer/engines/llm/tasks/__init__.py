"""What a language model is asked to do: draft, repair, verify, select."""
