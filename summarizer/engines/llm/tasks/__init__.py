"""What a model is asked to do: draft, repair, verify, select; each with its request and the reading of its answer."""
