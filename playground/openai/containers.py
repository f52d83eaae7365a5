"""`GET /v1/containers/{id}/files`: what code has made, until its container expires."""

from typing import Any

from aiohttp import web

from playground.openai.errors import ApiError
from playground.openai.fields import one_of
from playground.openai.hosted import Container, ContainerFile
from playground.openai.serving import MODEL, common_headers


async def list_files(http: web.Request) -> web.Response:
    """The files of a container, newest first unless the request says otherwise."""
    container = _container(http)
    newest_first = one_of(http.query.get("order", "desc"), "order", ("asc", "desc")) == "desc"
    files = list(container.files.values())
    listed = [_as_json(container, file) for file in (reversed(files) if newest_first else files)]
    ends = {"first_id": listed[0]["id"], "last_id": listed[-1]["id"]} if listed else {"first_id": None, "last_id": None}
    return web.json_response({"object": "list", "data": listed, "has_more": False, **ends})


async def show_file(http: web.Request) -> web.Response:
    """What is known of a file."""
    return web.json_response(_as_json(_container(http), _file(http)))


async def send_content(http: web.Request) -> web.Response:
    """The bytes of a file."""
    http.app[MODEL].fetched.append(_file(http).name)
    return web.Response(body=_file(http).content, content_type="application/octet-stream", headers=common_headers())


def _container(http: web.Request) -> Container:
    name = http.match_info["container"]
    container = http.app[MODEL].containers.get(name)
    if container is None:
        raise ApiError(404, f"Container with id '{name}' not found.", None, None)
    return container


def _file(http: web.Request) -> ContainerFile:
    name = http.match_info["file"]
    file = _container(http).files.get(name)
    if file is None:
        raise ApiError(404, f"Container file with id '{name}' not found.", None, None)
    return file


def _as_json(container: Container, file: ContainerFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "object": "container.file",
        "bytes": len(file.content),
        "container_id": container.id,
        "created_at": int(container.created_at),
        "path": f"/mnt/data/{file.name}",
        "source": "assistant",
    }
