"""The real bot with a clock in its event loop, which writes down whenever the loop was late."""

import asyncio
import os
import sys
import time
from pathlib import Path

TICK = 0.001
LATE = 0.002
"""Seconds between two looks at the clock, and a delay that is worth a line."""


async def tick(file: Path) -> None:
    """Write a line for every delay: when it ended, by the clock of `time.monotonic`, and how long it was (seconds)."""
    with file.open("w", encoding="ascii", buffering=1) as lines:
        before = time.monotonic()
        while True:
            await asyncio.sleep(TICK)
            now = time.monotonic()
            if (late := now - before - TICK) > LATE:
                lines.write(f"{now} {late}\n")
                now = time.monotonic()
            before = now


async def main() -> None:
    """Run the bot as slackbot.py does; PAUSES_FILE names the file."""
    from bot.app import run  # noqa: PLC0415 - not found before the path is right
    from config.environment import examine  # noqa: PLC0415

    ticking = asyncio.create_task(tick(Path(os.environ["PAUSES_FILE"])))
    await run(examine(os.environ)[0])
    ticking.cancel()


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])
    asyncio.run(main())
