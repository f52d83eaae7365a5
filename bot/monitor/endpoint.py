"""Where the bot tells machines how it is: a few pages over HTTP."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.monitor.health import Checkup
from bot.monitor.readings import Exposition

log = logging.getLogger(__name__)

_PARTING = 1.0  # seconds that an answer under way may take once the bot ends


class AddressUnusable(Exception):
    """The bot cannot listen where it should; the message tells an operator why and what to do."""


@asynccontextmanager
async def endpoint(address: tuple[str, int], checkup: Checkup, exposition: Exposition) -> AsyncIterator[int]:
    """Serves `/healthz`, `/readyz` and `/metrics` while inside; yields the port, which the system chooses for 0.

    Raises AddressUnusable.
    """
    host, port = address
    app = web.Application()
    app.add_routes(_pages(checkup, exposition))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_PARTING)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            raise AddressUnusable(
                f"MONITOR_ADDRESS {host}:{port} cannot be listened on ({why}). "
                "Choose another port, or stop the program that has it."
            ) from error
        chosen = int(runner.addresses[0][1])
        log.info("health and metrics are told at %s, port %d", host, chosen)
        yield chosen
    finally:
        await runner.cleanup()


def _pages(checkup: Checkup, exposition: Exposition) -> list[web.RouteDef]:
    def report(*, ok: bool, **more: object) -> web.Response:
        lag = round(checkup.pulse.lag, 3)
        return web.json_response({"ok": ok, **more, "loop_lag_seconds": lag}, status=200 if ok else 503)

    async def healthz(_: web.Request) -> web.Response:
        """Whether the process works, whatever Slack, OpenAI and the disk do."""
        return report(ok=checkup.is_alive)

    async def readyz(_: web.Request) -> web.Response:
        """Whether people would be answered now."""
        troubles = await checkup.troubles()
        return report(ok=not troubles, troubles=troubles, sockets=checkup.sockets())

    async def metrics(_: web.Request) -> web.Response:
        """What the bot does, in figures."""
        return web.Response(body=await exposition.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
