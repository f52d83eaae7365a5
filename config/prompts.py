"""The texts that we write for models and people: one Markdown file each in `prompts/`."""

from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).with_name("prompts")


@dataclass(frozen=True, slots=True)
class Prompts:
    """`answer` instructs the model that answers, `classify` the one that sorts messages, `image` the one that draws.

    `summary` instructs the one that sums up a thread; `introduction` is what a bare mention gets.
    """

    answer: str
    classify: str
    image: str
    summary: str
    introduction: str


def load_prompts() -> Prompts:
    """Read all prompts."""

    def read(name: str) -> str:
        return (_FOLDER / f"{name}.md").read_text(encoding="utf-8").strip()

    return Prompts(read("answer"), read("classify"), read("image"), read("summary"), read("introduction"))
