"""The pictures of one reply: uploaded, noted, and shown in the thread once, also when Slack's answer gets lost."""

import asyncio
import logging
from collections import deque

from bot.domain.errors import PlatformError, PlatformUnavailable
from bot.domain.reply import ImageReady
from bot.slack.wire.errors import ForeignAddress, SlackRefusal, UncertainWrite
from bot.slack.wire.pacer import Priority
from bot.slack.wire.transfers import Transfers
from bot.slack.wire.uploads import upload
from bot.slack.writing.captions import caption, description, title
from bot.slack.writing.own_messages import OwnMessages

log = logging.getLogger(__name__)

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}
_UPLOADS = 5
_SHOWINGS = 2  # with the looks after each, some 15 seconds

_FORBIDDEN = (
    "I made a picture, but the Slack app is not allowed to show it: it lacks the permission "
    "files:write. Please tell the person who runs me."
)
_REFUSED = "I made a picture, but Slack did not take it. Please ask again; if that does not help, tell whoever runs me."
_UNSENT = "I made a picture, but could not bring it to Slack. Please ask again in a moment."

_NO_PERMISSION = frozenset({"missing_scope", "not_allowed_token_type", "no_permission", "access_denied"})


class Pictures:
    """Delivers the pictures that it is given, in their order.

    A picture is dear: one that Slack does not take is given up with words for it in `trouble`, rather than made again.
    `pause` is how many seconds pass between the first two tries to upload one; they double with each further try.
    """

    def __init__(self, own: OwnMessages, transfers: Transfers, pause: float) -> None:
        self.trouble: str | None = None
        self._own = own
        self._transfers = transfers
        self._pause = pause
        self._queue = deque[ImageReady]()
        self._number = 0
        self._shown = False

    def add(self, picture: ImageReady) -> None:
        """The next picture that is to be delivered."""
        self._queue.append(picture)

    @property
    def waiting(self) -> bool:
        """True while there are pictures to deliver."""
        return bool(self._queue)

    async def deliver(self) -> None:
        """Put what waits into the thread. Raises LeaseLost."""
        while self._queue:
            picture = self._queue.popleft()
            self._number += 1
            try:
                await self._deliver(picture, f"picture-{self._number}.{_ENDINGS.get(picture.media_type, 'png')}")
            except PlatformError as error:
                log.warning("a picture of %d bytes is not shown: %s", len(picture.data), error)
                self.trouble = explained(error)
            else:
                self._shown = True

    async def any_shown(self) -> bool:
        """Whether there is a picture of this reply in the thread, be it from an attempt that was interrupted."""
        if self._shown or self.trouble:
            return self._shown
        try:
            return any([await self._own.shows(file_id) for file_id in self._own.files])
        except PlatformError as error:
            log.info("could not look for earlier pictures: %s", error)
            return True

    async def restore(self) -> bool:
        """Show what an interrupted attempt has uploaded; True when anything of it is in the thread now."""
        return any([await self._restored(file_id) for file_id in self._own.files])

    async def _restored(self, file_id: str) -> bool:
        try:
            await self._share(file_id, "Picture", "")
        except PlatformError as error:
            # Most often because it is shown already, or about to be.
            log.info("a picture was not shown again: %s", error)
            return await self._own.shows(file_id)
        return True

    async def _deliver(self, picture: ImageReady, name: str) -> None:
        file_id = await self._upload(picture, name)
        await self._own.record.add(file_id)
        await self._share(file_id, title(picture.prompt) or name, caption(picture.prompt))

    async def _upload(self, picture: ImageReady, name: str) -> str:
        """Bring the bytes to Slack, where nobody sees them yet; each try is for a file of its own. Returns its id."""
        for attempt in range(_UPLOADS):
            await asyncio.sleep(self._pause * 2 ** (attempt - 1) if attempt else 0)
            alt_text = description(picture.prompt) or None
            if file_id := await upload(self._own.calls, self._transfers, name, picture.data, alt_text):
                return file_id
        raise PlatformUnavailable(f"no upload in {_UPLOADS} tries")

    async def _share(self, file_id: str, name: str, comment: str) -> None:
        thread = self._own.to.thread
        uncertain = False
        for _ in range(_SHOWINGS):
            try:
                await self._own.calls.call(
                    "files.completeUploadExternal",
                    priority=Priority.FINAL,
                    files=[{"id": file_id, "title": name}],
                    channel_id=thread.channel,
                    thread_ts=thread.root,
                    initial_comment=comment or None,
                )
            except UncertainWrite:
                uncertain = True
                if not await self._own.shows(file_id):
                    continue
            except SlackRefusal as refusal:
                # No upload is completed twice: a try that seemed to fail has done it, and the message is on its way.
                if not (uncertain and refusal.code == "file_not_found"):
                    raise
            else:
                await self._arrival(file_id)
            return
        raise PlatformUnavailable("files.completeUploadExternal: no answer, and nothing found")

    async def _arrival(self, file_id: str) -> None:
        """Slack shares a file some time after it said yes; what follows in the thread is to stand below it."""
        try:
            if not await self._own.shows(file_id, soon=True):
                log.warning("a picture has not appeared in its thread yet")
        except PlatformError as error:
            log.info("could not look for a picture: %s", error)


def explained(error: PlatformError) -> str:
    """What becomes of a picture that met this error, in words for the person who waits for it."""
    if isinstance(error, SlackRefusal):
        return _FORBIDDEN if error.code in _NO_PERMISSION else _REFUSED
    return _REFUSED if isinstance(error, ForeignAddress) else _UNSENT
