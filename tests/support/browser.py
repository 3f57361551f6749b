"""A real browser for the tests of pages: headless Chromium, driven by Playwright, which reports whatever gets out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[dev]'")
needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}: apt-get install chromium")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)
Open = Callable[..., Any]


@contextmanager
def launched() -> Iterator[Any]:
    """Start a browser."""
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield browser
        browser.close()


@contextmanager
def opening(browser: Any) -> Iterator[Open]:
    """Return a function that opens a file; whatever its page asks for, says or pops up must be nothing."""
    contexts = []
    escaped: list[str] = []

    def opened(path: Path, *, width: int = 1280, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: request.url.startswith("file://") or escaped.append(request.url))
        page.on("console", lambda message: escaped.append(message.text))
        page.on("pageerror", lambda error: escaped.append(str(error)))
        page.on("dialog", lambda dialog: escaped.append(dialog.message) or dialog.dismiss())
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert escaped == []


CONTRAST = """() => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const linear = c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(c => linear(c / 255))
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const colour = channels(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faults = [];
  for (let node; node = walker.nextNode();) {
    const e = node.parentElement, style = getComputedStyle(e);
    if (!node.data.trim() || !e.checkVisibility() || e.closest('option')) continue;
    const [a, b] = [light(channels(style.color)), light(behind(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) faults.push([e.className, node.data.slice(0, 30), ratio.toFixed(2)]);
  }
  return faults;
}"""
"""Returns the words of a page whose contrast with what lies behind them is less than WCAG AA asks for."""
