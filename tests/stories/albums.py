"""Pictures in stories: those of people, and those that the bot has put into a thread."""

from io import BytesIO

from PIL import Image

from playground.openai.pictures.canvas import pattern
from playground.openai.pictures.formats import encode
from playground.slack.directory import Json
from playground.slack.files import File
from tests.stories.stage import PATIENCE, Stage


def painted(what: str, width: int = 512, height: int = 384, image_format: str = "PNG") -> bytes:
    """A picture that is another one for every `what`."""
    image = Image.open(BytesIO(encode(pattern(what.encode(), 8, 8), "png"))).convert("RGB")
    file = BytesIO()
    image.resize((width, height), Image.Resampling.NEAREST).save(file, image_format)
    return file.getvalue()


def album(stage: Stage, question: Json) -> list[File]:
    """The pictures that the bot has put into the thread of this message, oldest first."""
    return [
        stage.workspace.files[file["id"]] for message in stage.replies(question) for file in message.get("files", ())
    ]


def words(stage: Stage, question: Json) -> list[str]:
    """What the bot has written in this thread, besides the comments on its pictures."""
    replies = [message for message in stage.replies(question) if not message.get("files")]
    return [stage.workspace.markdown_of(message) for message in replies]


async def shown(stage: Stage, question: Json, count: int = 1) -> list[File]:
    """The bot's pictures, once there are so many in this thread and nothing more is on its way."""
    await stage.workspace.wait_for(lambda: len(album(stage, question)) >= count and stage.is_calm(question), PATIENCE)
    return album(stage, question)


async def noted(stage: Stage, question: Json) -> str:
    """The note below the bot's reply, once it stands there alone and nothing more is on its way."""
    await stage.workspace.wait_for(lambda: stage.notes(question) and stage.is_calm(question), PATIENCE)
    (note,) = stage.notes(question)
    return note
