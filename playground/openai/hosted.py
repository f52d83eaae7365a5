"""The tools that the provider runs itself, code and the search of files: their requests, and what comes of them.

Fields: `openai.types.responses.tool_param`, `file_search_tool_param`, and the types of containers.
"""

import secrets
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.openai.errors import ApiError
from playground.openai.fields import a_string, an_array, an_integer, an_object, one_of

CODE_TOOL = "code_interpreter"
FILE_TOOL = "file_search"

_MEMORY = ("1g", "4g", "16g", "64g")
_MOST_RESULTS = 50


@dataclass(frozen=True, slots=True)
class CodeUse:
    """The model runs code that makes these files, contents by name; the text cites those that are not `uncited`."""

    code: str
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    uncited: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class FileUse:
    """The model searches the files of the stores; the text rests on files of these names."""

    query: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContainerFile:
    """A file in a container."""

    id: str
    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Container:
    """Where code runs; its files by their ids."""

    id: str = field(default_factory=lambda: f"cntr_{secrets.token_hex(24)}")
    created_at: float = field(default_factory=time.time)
    files: dict[str, ContainerFile] = field(default_factory=dict)

    def write(self, name: str, content: bytes) -> ContainerFile:
        """A new file."""
        file = ContainerFile(f"cfile_{secrets.token_hex(16)}", name, content)
        self.files[file.id] = file
        return file


@dataclass(frozen=True, slots=True)
class Ran:
    """Code has run; `cited` are those of its files to which the text points."""

    code: str
    container: str
    cited: tuple[ContainerFile, ...]


def run(use: CodeUse, containers: dict[str, Container]) -> Ran:
    """Run the code in a container of its own, which is added to `containers`."""
    container = Container()
    containers[container.id] = container
    files = [container.write(name, content) for name, content in use.files.items()]
    return Ran(use.code, container.id, tuple(file for file in files if file.name not in use.uncited))


def check_code(tool: Mapping[str, Any], where: str) -> None:
    """Raises ApiError unless the API would take this offer to run code."""
    fields = an_object(tool, where, ("type", "container", "allowed_callers"), ("container",))
    if isinstance(fields["container"], str):
        # Nobody makes containers here but the tool itself.
        raise ApiError(404, f"Container with id '{fields['container']}' not found.", None, f"{where}.container")
    container, param = fields["container"], f"{where}.container"
    an_object(container, param, ("type", "file_ids", "memory_limit", "network_policy"), ("type",))
    one_of(container["type"], f"{param}.type", ("auto",))
    for index, name in enumerate(an_array(container.get("file_ids") or [], f"{param}.file_ids")):
        raise ApiError(404, f"File with id '{name}' not found.", None, f"{param}.file_ids[{index}]")
    if container.get("memory_limit") is not None:
        one_of(container["memory_limit"], f"{param}.memory_limit", _MEMORY)
    if container.get("network_policy") is not None:
        _check_network(container["network_policy"], f"{param}.network_policy")


def check_file_search(tool: Mapping[str, Any], where: str) -> None:
    """Raises ApiError unless the API would take this offer to search files, whether or not the stores are there."""
    fields = an_object(
        tool,
        where,
        ("type", "vector_store_ids", "filters", "max_num_results", "ranking_options"),
        ("vector_store_ids",),
    )
    for index, name in enumerate(an_array(fields["vector_store_ids"], f"{where}.vector_store_ids")):
        a_string(name, f"{where}.vector_store_ids[{index}]")
    if fields.get("max_num_results") is not None:
        an_integer(fields["max_num_results"], f"{where}.max_num_results", 1, _MOST_RESULTS)


def check_stores(tools: Sequence[Mapping[str, Any]], stores: Collection[str] | None) -> None:
    """Raises ApiError for a store that is not among these; None stands for all that anybody asks for."""
    wanted = [name for tool in tools if tool["type"] == FILE_TOOL for name in tool["vector_store_ids"]]
    if stores is not None and (missing := [name for name in wanted if name not in stores]):
        raise ApiError(404, f"Vector store with id {missing} not found.", None, None)


def _check_network(value: object, param: str) -> None:
    policy = an_object(value, param, ("type", "allowed_domains", "domain_secrets"), ("type",))
    if one_of(policy["type"], f"{param}.type", ("disabled", "allowlist")) == "allowlist":
        an_array(policy.get("allowed_domains"), f"{param}.allowed_domains")
    elif len(policy) > 1:
        raise ApiError(400, f"'{param}.allowed_domains' needs the type 'allowlist'.", "invalid_value", param)
