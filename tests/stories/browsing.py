"""What people do in the browser in stories."""

from playwright.async_api import Locator, Page


async def write(place: Page | Locator, name: str, text: str) -> None:
    """Type a line into the field with this name, and send it."""
    composer = place.get_by_role("combobox", name=name)
    await composer.fill(text)
    await composer.press("Enter")
