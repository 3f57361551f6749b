"""Where results are written: one stream, a JSON Lines file that is resumed, or a folder."""

import os
from pathlib import Path

from ...rendering import Format, Layout
from .document import only_one_page
from .lines import ResumableSink
from .output import unwritable
from .sink import RenderSummary, Sink
from .stream import StreamSink

__all__ = ["RenderSummary", "ResumableSink", "Sink", "open_sink"]


def open_sink(
    name: str | None, format: Format, render: RenderSummary, *, many: bool, request: str, view: str = ""
) -> Sink:
    """Open standard output, a file, or a folder. Raises `ConfigError`.

    An output is a folder if it is one already, ends in a slash, or has no suffix and there may be many results.
    `request` is the fingerprint of what is asked, by which a file or a folder knows what is done; `view` tells files
    of a folder apart that show the same results in another way.
    """
    output = Path(name) if name is not None else None
    try:
        if name is not None and output is not None and _is_folder(name, output, many=many):
            from .folder import FolderSink

            return FolderSink(output, format, render, request + view)
        if many and format.layout is Layout.PAGE:
            raise only_one_page()
        if output is not None and format.layout is Layout.LINES and (output.is_file() or not output.exists()):
            return ResumableSink(output, render, request)
        return StreamSink(output, format, render, many=many)
    except OSError as error:
        raise unwritable(str(name), error) from error


def _is_folder(name: str, output: Path, *, many: bool) -> bool:
    return output.is_dir() or name.endswith(("/", os.sep)) or (many and not output.suffix and not output.exists())
