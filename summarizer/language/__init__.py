"""What can be told of a string by looking at it: pure functions, whose offsets index the string they were given."""
