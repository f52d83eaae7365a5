"""Audio and video clips that people record in Slack, with what Slack has written down of them."""

from dataclasses import dataclass

from playground.slack.directory import Json

_PREVIEW_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Clip:
    """What Slack adds to the file object of a clip; `kind` is audio or video.

    Without a transcript there is no `transcription`; `status` is complete, processing or failed.
    """

    kind: str = "audio"
    duration_ms: int = 0
    transcript: str | None = None
    status: str = "complete"
    locale: str = "en-US"

    def as_fields(self) -> Json:
        """The clip's fields beside those of every file; of a long transcript there is only the beginning."""
        fields: Json = {"subtype": f"slack_{self.kind}", "duration_ms": self.duration_ms}
        if self.transcript is None:
            return fields
        told: Json = {"status": self.status, "locale": self.locale}
        if self.status == "complete":
            preview = self.transcript[:_PREVIEW_CHARACTERS]
            told["preview"] = {"content": preview, "has_more": len(self.transcript) > len(preview)}
        return fields | {"transcription": told}
