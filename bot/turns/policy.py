"""Who may talk to the bot, and where: pure rules over what is known of a person."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.conversation import Profile, ThreadKey

NOBODY: frozenset[str] = frozenset()


class Refusal(StrEnum):
    """Why a person gets no answer, in words for them."""

    CHANNEL = "I am not meant to answer in this channel. The person who runs me can change that."
    PERSON = "I am not meant to answer you. The person who runs me can change that."
    STRANGER = "I answer only people of this workspace. The person who runs me can change that."
    GUEST = "I do not answer guests of this workspace. The person who runs me can change that."
    UNKNOWN = "I cannot find out just now whether I may answer you. Please ask again in a minute."


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom the operator admits. A list is of ids; an empty list of allowed ones admits everybody.

    `strangers` says whether people of other workspaces may ask, as they can in a channel that is shared through Slack
    Connect; those of `allowed_workspaces` are none. A list that denies wins over one that allows.
    """

    allowed_channels: frozenset[str] = NOBODY
    denied_channels: frozenset[str] = NOBODY
    allowed_users: frozenset[str] = NOBODY
    denied_users: frozenset[str] = NOBODY
    allowed_workspaces: frozenset[str] = NOBODY
    strangers: bool = False
    guests: bool = True

    def by_ids(self, thread: ThreadKey, user: str, *, is_direct: bool) -> Refusal | None:
        """What the ids alone decide. Direct messages are no channels: of them, only people decide."""
        if thread.channel in self.denied_channels:
            return Refusal.CHANNEL
        if self.allowed_channels and thread.channel not in self.allowed_channels and not is_direct:
            return Refusal.CHANNEL
        if user in self.denied_users or (self.allowed_users and user not in self.allowed_users):
            return Refusal.PERSON
        return None

    def needs_profile(self, thread: ThreadKey, workspace: str) -> bool:
        """True where it matters what the platform knows of a person; `workspace` is what came with the message."""
        return not self.guests or (not self.strangers and not self._is_ours(thread, workspace))

    def by_profile(self, thread: ThreadKey, profile: Profile | None) -> Refusal | None:
        """What a person's profile decides; None is one that could not be read, and admits nobody."""
        if profile is None:
            return Refusal.UNKNOWN
        if not self.strangers and not self._is_ours(thread, profile.workspace):
            return Refusal.STRANGER
        return Refusal.GUEST if profile.is_guest and not self.guests else None

    def _is_ours(self, thread: ThreadKey, workspace: str) -> bool:
        return workspace == thread.workspace or workspace in self.allowed_workspaces
