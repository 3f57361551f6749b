"""Text: laid out for a terminal where its width or colour is known, else one line per claim."""

from .summary_view import SummaryView


def render_text(view: SummaryView) -> str:
    """Return the text; rich is imported for a terminal only."""
    if view.width is None and not view.color:
        from .plain import render_plain

        return render_plain(view)
    from .terminal import render_terminal

    return render_terminal(view)
