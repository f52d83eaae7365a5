"""The HTTP server: its addresses, and what all of them refuse."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from playground.openai.answering import respond
from playground.openai.catalog import ListedModel
from playground.openai.containers import list_files, send_content, show_file
from playground.openai.errors import ApiError, missing_key, model_not_found, wrong_key
from playground.openai.image_models import IMAGE_MODELS
from playground.openai.images_api import edit_images, generate_images
from playground.openai.model import API_KEY, ScriptedModel
from playground.openai.serving import MODEL, common_headers
from playground.openai.transcription import AUDIO_MODELS, transcribe

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LARGEST_BODY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class OpenAIServer:
    """Where a scripted model can be reached; `base_url` ends in `/v1`."""

    base_url: str
    model: ScriptedModel

    @property
    def variables(self) -> dict[str, str]:
        """What the bot finds in its environment to ask this model."""
        return {"OPENAI_BASE_URL": self.base_url, "OPENAI_API_KEY": API_KEY}


@asynccontextmanager
async def serve_openai(model: ScriptedModel, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[OpenAIServer]:
    """Serve the model while the context is open; port 0 takes a free one."""
    app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[_answer_errors])
    app[MODEL] = model
    app.add_routes(
        [
            web.post("/v1/responses", respond),
            web.post("/v1/images/generations", generate_images),
            web.post("/v1/images/edits", edit_images),
            web.post("/v1/audio/transcriptions", transcribe),
            web.get("/v1/containers/{container}/files", list_files),
            web.get("/v1/containers/{container}/files/{file}", show_file),
            web.get("/v1/containers/{container}/files/{file}/content", send_content),
            web.get("/v1/models", _models),
            web.get("/v1/models/{name}", _model),
        ]
    )
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0][1]
        yield OpenAIServer(f"http://{host}:{bound}/v1", model)
    finally:
        await runner.cleanup()


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        _check_key(request, request.app[MODEL])
        response = await handler(request)
    except ApiError as error:
        response = web.json_response(error.as_json(), status=error.status)
    except web.HTTPRequestEntityTooLarge:
        too_large = ApiError(413, "The request is too large.", "request_too_large")
        response = web.json_response(too_large.as_json(), status=413)
    except web.HTTPNotFound:
        unknown_url = ApiError(404, f"Invalid URL ({request.method} {request.path})")
        response = web.json_response(unknown_url.as_json(), status=404)
    if not response.prepared:
        for name, value in common_headers().items():
            response.headers.setdefault(name, value)
    return response


def _check_key(http: web.Request, model: ScriptedModel) -> None:
    scheme, _, key = http.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise missing_key()
    if key not in model.api_keys:
        raise wrong_key(key)


async def _models(http: web.Request) -> web.Response:
    return web.json_response({"object": "list", "data": [model.as_json() for model in _listed(http).values()]})


async def _model(http: web.Request) -> web.Response:
    name = http.match_info["name"]
    listed = _listed(http).get(name)
    if listed is None:
        raise model_not_found(name)
    return web.json_response(listed.as_json())


def _listed(http: web.Request) -> dict[str, ListedModel]:
    """All models, whatever they are for."""
    writing = (card.listed for card in http.app[MODEL].models.values())
    drawing = (card.listed for card in IMAGE_MODELS.values())
    return {model.id: model for model in (*writing, *drawing, *AUDIO_MODELS.values())}
