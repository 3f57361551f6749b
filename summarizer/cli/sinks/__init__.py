"""Where results go: a stream, a file of lines, or a folder."""
