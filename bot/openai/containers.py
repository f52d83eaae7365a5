"""Fetches the files that code has made from the containers in which they lie for some twenty minutes."""

import asyncio
import logging
import mimetypes
from dataclasses import dataclass, field

from openai import AsyncOpenAI, NotFoundError

from bot.domain.errors import FileUnusable, ModelError
from bot.domain.files import Flaw, picture_type
from bot.domain.language import say
from bot.domain.reply import FileReady, TextDelta
from bot.openai.errors import our_errors
from bot.openai.fields import list_of, text_of
from bot.openai.made import MadeFile, MadeFiles, safe_name

log = logging.getLogger(__name__)

MOST = 8
"""Files of one answer."""

_CHUNK = 65_536  # bytes
_LISTED = 100

_ANY_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Containers:
    """Where files that code has made can be fetched.

    `largest` is the size of one file, `together` that of all files of an answer, in bytes: they are held in memory
    until Slack has them. `seconds` is how long all of them may take.
    """

    client: AsyncOpenAI = field(repr=False)
    largest: int = 25 * 1024 * 1024
    together: int = 64 * 1024 * 1024
    seconds: float = 60.0

    async def fetch(self, made: MadeFiles) -> list[FileReady | TextDelta]:
        """These files in their order, then words for those that cannot be had. Raises nothing."""
        ready: list[FileReady | TextDelta] = []
        lines: list[str] = []
        room, until = self.together, asyncio.get_running_loop().time() + self.seconds
        for number, file in enumerate([*made.cited, *await self._found(made, until)]):
            try:
                if number >= MOST:
                    raise FileUnusable(Flaw.TOO_LARGE, f"I bring no more than {MOST} files at once")
                data = await self._content(file, min(self.largest, room), until)
            except FileUnusable as error:
                log.warning("a file that code has made is not shown: %s", error)
                lines.append(
                    say("⚠️ I could not bring you {name}: {reason}.", name=f"`{file.name}`", reason=say(error.reason))
                )
            else:
                room -= len(data)
                ready.append(FileReady(file.name, data, _media_type(file.name, data)))
        return [*ready, TextDelta("".join(f"> {line}\n" for line in lines))] if lines else ready

    async def _found(self, made: MadeFiles, until: float) -> list[MadeFile]:
        """The files to which the text has links and that it does not cite, the newest of each name."""
        if not made.uncited or not made.container:
            return []
        try:
            async with asyncio.timeout_at(until):
                with our_errors():
                    page = await self.client.containers.files.list(made.container, limit=_LISTED, order="desc")
        except (TimeoutError, ModelError) as error:
            log.warning("a container does not tell of its files: %s", error)
            return []
        ids = {safe_name(text_of(file, "path")): text_of(file, "id") for file in reversed(list(list_of(page, "data")))}
        return [MadeFile(made.container, ids[name], name) for name in made.uncited if name in ids]

    async def _content(self, file: MadeFile, limit: int, until: float) -> bytes:
        """The bytes of a file. Raises FileUnusable."""
        try:
            async with asyncio.timeout_at(until):
                with our_errors():
                    data = await self._read(file, limit)
        except TimeoutError:
            raise FileUnusable(Flaw.UNREACHABLE) from None
        except ModelError as error:
            flaw = Flaw.GONE if isinstance(error.__cause__, NotFoundError) else Flaw.UNREACHABLE
            raise FileUnusable(flaw) from error
        if not data:
            raise FileUnusable(Flaw.EMPTY)
        return data

    async def _read(self, file: MadeFile, limit: int) -> bytes:
        content = self.client.containers.files.content.with_streaming_response
        data = bytearray()
        async with content.retrieve(file.id, container_id=file.container) as response:
            async for chunk in response.iter_bytes(_CHUNK):
                data += chunk
                if len(data) > limit:
                    raise FileUnusable(Flaw.TOO_LARGE)
        return bytes(data)


def _media_type(name: str, data: bytes) -> str:
    # Not what the machine knows of endings, which differs from one to the next.
    return picture_type(data) or mimetypes.MimeTypes().guess_type(name)[0] or _ANY_TYPE
