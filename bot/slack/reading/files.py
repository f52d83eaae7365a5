"""Files that people share: where Slack keeps them, and how their bytes are had."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.conversation import Attachment
from bot.domain.errors import FileUnusable, PlatformError
from bot.domain.files import Flaw
from bot.domain.recent import Recent
from bot.slack.payload import Json, object_at, text_at
from bot.slack.reading.content import files_in
from bot.slack.wire.calls import SlackCalls
from bot.slack.wire.errors import SlackRefusal
from bot.slack.wire.pacer import Priority
from bot.slack.wire.transfers import Transfers

log = logging.getLogger(__name__)

KEPT = 2_000
"""How many files are remembered; those not seen for longest are forgotten first."""

_ASK_AGAIN = 300.0  # seconds after Slack did not tell what a file is

# What is remembered of a file object; the rest is long, such as its thumbnails.
_OF_USE = frozenset(
    {"id", "name", "title", "mimetype", "size", "mode", "transcription"}
    | {"url_private", "url_private_download", "is_external", "file_access"}
)

_FLAWS_OF_MODE = {"external": Flaw.EXTERNAL, "tombstone": Flaw.GONE, "hidden_by_limit": Flaw.HIDDEN}
_FLAWS_OF_ACCESS = {"file_not_found": Flaw.NO_ACCESS, "access_denied": Flaw.NO_ACCESS}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as Slack tells of it; `size` is in bytes, `flaw` says why it cannot be had."""

    address: str
    media_type: str
    size: int | None = None
    flaw: Flaw | None = None


@dataclass(slots=True)
class _Known:
    file: Json
    ask_again_at: float = 0.0


@dataclass(slots=True)
class KnownFiles:
    """The files of messages that were seen lately, so that Slack need not be asked about them again."""

    monotonic: Callable[[], float] = time.monotonic
    _files: Recent[str, _Known] = field(default_factory=lambda: Recent(KEPT))

    def see(self, said: Json) -> None:
        """Remember the files of this message; one that tells too little takes nothing away from what is known."""
        for file in files_in(said):
            file_id = text_at(file, "id")
            if file_id not in self._files or not is_incomplete(file):
                self._files[file_id] = _Known({key: file[key] for key in _OF_USE & file.keys()})
            self._files.move_to_end(file_id)

    def get(self, file_id: str) -> StoredFile | None:
        """Where the file with this id is, if that is known."""
        known = self._files.get(file_id)
        return stored_file(known.file) if known else None

    def told(self, file_id: str) -> Json | None:
        """The file object with this id, if all is known that is of use."""
        known = self._files.get(file_id)
        return None if known is None or is_incomplete(known.file) else known.file

    def is_stub(self, file_id: str) -> bool:
        """True for a file that was seen, but of which Slack has not told where it is."""
        return file_id in self._files and self.get(file_id) is None

    def may_be_told(self, file_id: str) -> bool:
        """True when Slack might tell more of this file than is known."""
        known = self._files.get(file_id)
        return known is not None and is_incomplete(known.file) and self.monotonic() >= known.ask_again_at

    def asked(self, file_id: str) -> None:
        """Slack was asked; where that has brought too little, it is not asked again for five minutes."""
        if known := self._files.get(file_id):
            known.ask_again_at = self.monotonic() + _ASK_AGAIN


def stored_file(file: Json) -> StoredFile | None:
    """What a file object tells; None for a stub, of which only files.info tells more (`check_file_info`)."""
    size = file.get("size")
    is_external = file.get("is_external") is True
    access = text_at(file, "file_access")
    flaw = _FLAWS_OF_MODE.get(text_at(file, "mode")) or _FLAWS_OF_ACCESS.get(access)
    stored = StoredFile(
        text_at(file, "url_private_download") or text_at(file, "url_private"),
        text_at(file, "mimetype"),
        size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None,
        Flaw.EXTERNAL if is_external else flaw,
    )
    is_stub = access == "check_file_info" or not stored.address
    return None if is_stub and stored.flaw is None else stored


def is_incomplete(file: Json) -> bool:
    """True for a file of which files.info may tell more: a stub, or one that lacks its name or its kind."""
    stored = stored_file(file)
    if stored is None:
        return True
    name = text_at(file, "name") or text_at(file, "title")
    return stored.flaw is None and not (name and stored.media_type)


async def ask(calls: SlackCalls, known: KnownFiles, file_id: str) -> Json:
    """What Slack tells of this file; it is remembered. Raises PlatformError."""
    answer = await calls.call("files.info", priority=Priority.READ, file=file_id)
    file = {**object_at(answer, "file"), "id": file_id}
    known.see({"files": [file]})
    return file


async def download(
    calls: SlackCalls, transfers: Transfers, known: KnownFiles, attachment: Attachment, limit: int
) -> bytes:
    """The bytes of a file, at most `limit` of them, within the time that a transfer may take. Raises FileUnusable."""
    try:
        async with asyncio.timeout(transfers.seconds):
            stored = known.get(attachment.id) or await _ask(calls, known, attachment.id)
            if stored.flaw:
                raise FileUnusable(stored.flaw)
            if stored.size == 0:
                raise FileUnusable(Flaw.EMPTY)
            if stored.size is not None and stored.size > limit:
                raise FileUnusable(Flaw.TOO_LARGE)
            return await transfers.get(stored.address, limit, stored.media_type or attachment.media_type)
    except TimeoutError:
        raise FileUnusable(Flaw.UNREACHABLE, "downloading it took too long") from None


async def _ask(calls: SlackCalls, known: KnownFiles, file_id: str) -> StoredFile:
    try:
        stored = stored_file(await ask(calls, known, file_id))
    except SlackRefusal as refusal:
        log.info("nothing is known of a file: %s", refusal)
        # Of a file of another organisation it means that it is none of our business.
        is_gone = refusal.code == "file_deleted" or (refusal.code == "file_not_found" and not known.is_stub(file_id))
        raise FileUnusable(Flaw.GONE if is_gone else Flaw.NO_ACCESS) from None
    except PlatformError as error:
        log.info("nothing is known of a file: %s", error)
        raise FileUnusable(Flaw.UNREACHABLE) from None
    if stored is None:
        raise FileUnusable(Flaw.NO_ACCESS)
    return stored
