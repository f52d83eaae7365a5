"""Files that people share: where Slack keeps them, and how their bytes are had."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.domain.conversation import Attachment
from bot.domain.errors import FileUnusable, PlatformError
from bot.domain.files import Flaw
from bot.slack.calls import SlackCalls
from bot.slack.errors import SlackRefusal
from bot.slack.pacer import Priority
from bot.slack.payload import Json, object_at, objects_at, text_at
from bot.slack.transfers import Transfers

log = logging.getLogger(__name__)

KEPT = 2_000
"""How many files are remembered; those not seen for longest are forgotten first."""

_FLAWS_OF_MODE = {"external": Flaw.EXTERNAL, "tombstone": Flaw.GONE, "hidden_by_limit": Flaw.GONE}
_FLAWS_OF_ACCESS = {"file_not_found": Flaw.GONE, "access_denied": Flaw.NO_ACCESS}
_GONE = frozenset({"file_not_found", "file_deleted"})


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as Slack tells of it; `size` is in bytes, `flaw` says why it cannot be had."""

    address: str
    media_type: str
    size: int | None = None
    flaw: Flaw | None = None


@dataclass(slots=True)
class KnownFiles:
    """The files of messages that were seen lately, so that Slack need not be asked about them again."""

    _files: OrderedDict[str, StoredFile] = field(default_factory=OrderedDict)

    def see(self, said: Json) -> None:
        """Remember the files of this message; a stub, which Slack Connect shows of a file, tells nothing."""
        for file in objects_at(said, "files"):
            if stored := stored_file(file):
                self._files[text_at(file, "id")] = stored
                self._files.move_to_end(text_at(file, "id"))
        while len(self._files) > KEPT:
            self._files.popitem(last=False)

    def get(self, file_id: str) -> StoredFile | None:
        """The file with this id, if it is known."""
        return self._files.get(file_id)


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
        answer = await calls.call("files.info", priority=Priority.READ, file=file_id)
    except SlackRefusal as refusal:
        log.info("nothing is known of a file: %s", refusal)
        raise FileUnusable(Flaw.GONE if refusal.code in _GONE else Flaw.NO_ACCESS) from None
    except PlatformError as error:
        log.info("nothing is known of a file: %s", error)
        raise FileUnusable(Flaw.UNREACHABLE) from None
    file = object_at(answer, "file")
    known.see({"files": [{**file, "id": file_id}]})
    stored = stored_file(file)
    if stored is None:
        raise FileUnusable(Flaw.NO_ACCESS)
    return stored
