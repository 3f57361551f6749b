"""The commands, one module each: `parser()` describes the arguments, `run(arguments)` returns the exit status."""
