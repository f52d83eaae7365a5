"""The browser in which the page is tested."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@asynccontextmanager
async def open_chromium() -> AsyncIterator[Browser]:
    """A headless Chromium, as the system has it. Raises RuntimeError when it has none."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        raise RuntimeError("These tests need Chromium: apt-get install chromium, or .ci/run, which installs it.")
    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(executable_path=program, args=_ARGUMENTS) as browser,
    ):
        yield browser
