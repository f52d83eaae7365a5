"""Forms with files, as `multipart/form-data` brings them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from playground.openai.errors import ApiError, unknown_parameter


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """The values of a form by their names; `[]`, which marks a list, is no part of a name."""

    texts: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[Upload, ...]]

    def fields(self, numbers: Collection[str] = (), lists: Collection[str] = ()) -> dict[str, object]:
        """The texts as JSON would have them; those among `numbers` are integers where they can be."""
        return {
            name: list(values) if name in lists else _number(values[-1]) if name in numbers else values[-1]
            for name, values in self.texts.items()
        }

    def check_files(self, allowed: Collection[str]) -> None:
        """Raises ApiError for a file under any other name."""
        for name in self.files:
            if name not in allowed:
                raise unknown_parameter(name)


async def read_form(http: web.Request) -> Form:
    """The form that a request brings. Raises ApiError."""
    if http.content_type != "multipart/form-data":
        message = f"Unsupported content type: '{http.content_type}'. Expected 'multipart/form-data'."
        raise ApiError(400, message, "unsupported_content_type")
    texts: defaultdict[str, list[str]] = defaultdict(list)
    files: defaultdict[str, list[Upload]] = defaultdict(list)
    try:
        values = await http.post()
    except ValueError:
        raise ApiError(400, "We could not parse the form of your request.", "invalid_form") from None
    for key, value in values.items():
        name = key.removesuffix("[]")
        if isinstance(value, web.FileField):
            files[name].append(Upload(value.filename, value.content_type, value.file.read()))
        else:
            texts[name].append(value if isinstance(value, str) else bytes(value).decode(errors="replace"))
    return Form(_frozen(texts), {name: tuple(uploads) for name, uploads in files.items()})


def _frozen(texts: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in texts.items()}


def _number(text: str) -> object:
    return int(text) if text.lstrip("-").isdecimal() else text
