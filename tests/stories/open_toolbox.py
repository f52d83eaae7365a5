"""`slackbot.py`, with a toolbox in which the provider's own tools lie for everybody."""

import runpy
import sys
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from bot.app import parts
    from bot.domain.tools import Toolbox
    from bot.handlers.words import Words

    toolbox = Toolbox(stores=("vs_handbook",), code=True)
    vars(parts)["Words"] = partial(Words, tools=lambda _turn: toolbox)
    runpy.run_path(str(ROOT / "slackbot.py"), run_name="__main__")
