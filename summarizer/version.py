"""The version, where the build finds it too."""

__version__ = "0.2.0"
DISTRIBUTION = "newsroom-summarizer"
"""What an installer calls the package: on the public index, `summarizer` is a stranger's."""
