"""What can be told of a string by looking at it: pure functions that yield offsets into the very string they were given."""
