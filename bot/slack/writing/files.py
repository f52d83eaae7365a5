"""The files of one reply: uploaded, noted, and shown in the thread once, also when Slack's answer gets lost."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.errors import PlatformError, PlatformUnavailable
from bot.domain.reply import FileReady, ImageReady
from bot.slack.wire.errors import ForeignAddress, SlackRefusal, UncertainWrite
from bot.slack.wire.pacer import Priority
from bot.slack.wire.uploads import upload
from bot.slack.writing.captions import caption, description, title
from bot.slack.writing.own_messages import OwnMessages

log = logging.getLogger(__name__)

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}
_SHOWINGS = 2  # with the looks after each, some 15 seconds

_FORBIDDEN, _REFUSED, _UNSENT = "forbidden", "refused", "unsent"

PICTURE_TROUBLES: Mapping[str, str] = {
    _FORBIDDEN: "I made a picture, but the Slack app is not allowed to show it: it lacks the permission "
    "files:write. Please tell the person who runs me.",
    _REFUSED: "I made a picture, but Slack did not take it. Please ask again; if that does not help, tell the person "
    "who runs me.",
    _UNSENT: "I made a picture, but could not bring it to Slack. Please ask again in a moment.",
}
FILE_TROUBLES: Mapping[str, str] = {
    _FORBIDDEN: "I made a file, but the Slack app is not allowed to show it: it lacks the permission "
    "files:write. Please tell the person who runs me.",
    _REFUSED: "I made a file, but Slack did not take it. Please ask again; if that does not help, tell the person "
    "who runs me.",
    _UNSENT: "I made a file, but could not bring it to Slack. Please ask again in a moment.",
}

_NO_PERMISSION = frozenset({"missing_scope", "not_allowed_token_type", "no_permission", "access_denied"})


@dataclass(frozen=True, slots=True)
class ReplyFile:
    """A file on its way; `comment` stands above it, `description` is for those who cannot see it.

    `troubles` has words for the people who wait for it, by what became of it.
    """

    name: str
    data: bytes = field(repr=False)
    title: str
    comment: str
    description: str
    troubles: Mapping[str, str]


def reply_file(made: ImageReady | FileReady, number: int) -> ReplyFile:
    """What the model made, as people will see it; a picture that was drawn is named by its number in the reply."""
    match made:
        case ImageReady(prompt=prompt):
            name = f"picture-{number}.{_ENDINGS.get(made.media_type, 'png')}"
            return ReplyFile(
                name, made.data, title(prompt) or name, caption(prompt), description(prompt), PICTURE_TROUBLES
            )
        case FileReady():
            seen = title(made.name) if made.media_type.startswith("image/") else ""
            return ReplyFile(made.name, made.data, title(made.name), "", seen, FILE_TROUBLES)


class ReplyFiles:
    """Delivers what was made, in its order.

    It is dear: what Slack does not take is given up with words for it in `trouble`, rather than made again.
    """

    def __init__(self, own: OwnMessages) -> None:
        self.trouble: str | None = None
        self._own = own
        self._queue: list[ReplyFile] = []
        self._number = 0
        self._shown = False

    def add(self, made: ImageReady | FileReady) -> None:
        """The next file that is to be delivered."""
        self._number += 1
        self._queue.append(reply_file(made, self._number))

    @property
    def waiting(self) -> bool:
        """True while there are files to deliver."""
        return bool(self._queue)

    async def deliver(self) -> None:
        """Put what waits into the thread. Raises LeaseLost.

        All of it is noted before any is shown: what was noted is shown even if this process ends in between.
        """
        while self._queue:
            waiting, self._queue = self._queue, []
            noted = [(made, file_id) for made in waiting if (file_id := await self._noted(made))]
            for made, file_id in noted:
                await self._show(made, file_id)

    async def any_shown(self) -> bool:
        """Whether there is a file of this reply in the thread, be it from an attempt that was interrupted."""
        if self._shown or self.trouble:
            return self._shown
        try:
            return any([await self._own.shows(file_id) for file_id in self._own.files])
        except PlatformError as error:
            log.info("could not look for earlier files: %s", error)
            return True

    async def restore(self) -> bool:
        """Show what an interrupted attempt has uploaded; True when anything of it is in the thread now."""
        return any([await self._restored(file_id) for file_id in self._own.files])

    async def _restored(self, file_id: str) -> bool:
        try:
            await self._share(file_id)
        except PlatformError as error:
            # Most often because it is shown already, or about to be.
            log.info("a file was not shown again: %s", error)
            return await self._own.shows(file_id)
        return True

    async def _noted(self, made: ReplyFile) -> str | None:
        """The id of this file, once it is at Slack and in the record; None when Slack does not take it."""
        try:
            pause = self._own.rhythm.look_after
            file_id = await upload(self._own.calls, made.name, made.data, made.description or None, pause)
        except PlatformError as error:
            self._give_up(made, error)
            return None
        await self._own.record.add(file_id)
        return file_id

    async def _show(self, made: ReplyFile, file_id: str) -> None:
        try:
            await self._share(file_id, made.title, made.comment)
        except PlatformError as error:
            self._give_up(made, error)
        else:
            self._shown = True

    def _give_up(self, made: ReplyFile, error: PlatformError) -> None:
        log.warning("a file of %d bytes is not shown: %s", len(made.data), error)
        self.trouble = made.troubles[trouble_of(error)]

    async def _share(self, file_id: str, name: str = "", comment: str = "") -> None:
        thread = self._own.to.thread
        uncertain = False
        for _ in range(_SHOWINGS):
            try:
                await self._own.calls.call(
                    "files.completeUploadExternal",
                    priority=Priority.FINAL,
                    files=[{"id": file_id, "title": name} if name else {"id": file_id}],
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
                log.warning("a file has not appeared in its thread yet")
        except PlatformError as error:
            log.info("could not look for a file: %s", error)


def trouble_of(error: PlatformError) -> str:
    """What becomes of a file that met this error, as a key of its troubles."""
    if isinstance(error, SlackRefusal):
        return _FORBIDDEN if error.code in _NO_PERMISSION else _REFUSED
    return _REFUSED if isinstance(error, ForeignAddress) else _UNSENT
