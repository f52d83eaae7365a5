"""The Web API over HTTP: finds the method, checks token and arguments, and answers as Slack does."""

import asyncio
import json
from collections.abc import Mapping

from aiohttp import web

from playground.slack.arguments import Method, Refusal, Token
from playground.slack.calls import Call, CallLog
from playground.slack.directory import Json
from playground.slack.faults import Delay, Error, Fault, Faults, Html, HttpError, RateLimited, Reset, Silence
from playground.slack.installation import Installation
from playground.slack.methods import agents, chat, connection, conversations, files, people, reactions, streaming, views
from playground.slack.rate_limits import RateLimits
from playground.tcp import reset

FAMILIES = (agents, chat, connection, conversations, files, people, reactions, streaming, views)
METHODS: Mapping[str, Method] = {method.name: method for family in FAMILIES for method in family.METHODS}

GATEWAY_PAGE = "<!DOCTYPE html><html><body>Slack is having trouble right now.</body></html>"


class WebApi:
    """Answers calls for one installation, and remembers them."""

    def __init__(self, slack: Installation, rate_limits: RateLimits, faults: Faults) -> None:
        self.calls = CallLog()
        self._slack = slack
        self._rate_limits = rate_limits
        self._faults = faults

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of `/api/<method>`, sent as a query string, a form or JSON."""
        loop = asyncio.get_running_loop()
        name = request.match_info["method"]
        method = METHODS.get(name)
        try:
            sent = await read_request(request, takes_json=method is None or method.takes_json)
        except Refusal as refusal:
            return refused(Call(name, {}, loop.time()), refusal)
        token = bearer(request) or str(sent.get("token", ""))
        sent.pop("token", None)
        call = Call(name, sent, loop.time())
        self.calls.add(call)
        try:
            return await self._answer(request, call, method, token)
        finally:
            call.took = loop.time() - call.at
            self._slack.workspace.notifications.wake()

    async def _answer(self, request: web.Request, call: Call, method: Method | None, token: str) -> web.StreamResponse:
        fault = self._faults.next(call.method)
        if fault and not fault.carried_out:
            return await strike(fault, request, call, {})
        if method is None:
            return refused(call, Refusal("unknown_method", req_method=call.method))
        try:
            self._authorize(method, token)
            if wait := self._rate_limits.retry_after(method.name, str(call.arguments.get("channel", ""))):
                return too_many(call, wait)
            fields = await method.handler(self._slack, method.read(call.arguments))
        except Refusal as refusal:
            return refused(call, refusal, self._headers(method))
        call.carried_out = True
        if fault:
            return await strike(fault, request, call, fields)
        return web.json_response({"ok": True} | fields, headers=self._headers(method))

    def _authorize(self, method: Method, token: str) -> None:
        if not token:
            raise Refusal("not_authed")
        known = {Token.BOT: self._slack.bot_token, Token.APP: self._slack.app_token}
        if token not in known.values():
            raise Refusal("invalid_auth")
        if token != known[method.token]:
            raise Refusal("not_allowed_token_type")
        self._slack.need(method.scope)

    def _headers(self, method: Method) -> Mapping[str, str]:
        scopes = ",".join(sorted(self._slack.scopes)) if method.token is Token.BOT else "connections:write"
        return {"x-oauth-scopes": scopes} | ({"x-accepted-oauth-scopes": method.scope} if method.scope else {})


async def read_request(request: web.Request, *, takes_json: bool) -> Json:
    """All arguments as they were sent. A JSON body is not looked at where the method takes only forms.

    Raises Refusal.
    """
    sent: Json = dict(request.query)
    if request.method != "POST":
        return sent
    if request.content_type == "application/json":
        body = await request.text()
        return sent | (_object(body) if takes_json and body else {})
    form = await request.post()
    return sent | {name: value for name, value in form.items() if isinstance(value, str)}


def bearer(request: web.Request) -> str:
    """The token of the Authorization header, or an empty text."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme == "Bearer" else ""


def refused(call: Call, refusal: Refusal, headers: Mapping[str, str] | None = None) -> web.Response:
    """`ok: false`; Slack answers so with HTTP 200."""
    call.error = refusal.error
    return web.json_response({"ok": False, "error": refusal.error} | refusal.fields, headers=headers)


def too_many(call: Call, retry_after: int) -> web.Response:
    """HTTP 429."""
    call.status, call.error = 429, "ratelimited"
    return web.json_response(
        {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(retry_after)}
    )


def gateway_page(call: Call, status: int) -> web.Response:
    """A web page where JSON is expected."""
    call.status, call.error = status, f"http_{status}"
    return web.Response(status=status, text=GATEWAY_PAGE, content_type="text/html")


async def strike(fault: Fault, request: web.Request, call: Call, fields: Json) -> web.Response:
    """What the app gets in place of the answer; `fields` are the answer's, where the call was carried out."""
    match fault:
        case RateLimited(retry_after):
            return too_many(call, retry_after)
        case HttpError(status):
            return gateway_page(call, status)
        case Html():
            return gateway_page(call, 200)
        case Error(error):
            return refused(call, Refusal(error))
        case Delay(seconds):
            await asyncio.sleep(seconds)
            return web.json_response({"ok": True} | fields)
        case Silence():
            call.error = "silence"
            await asyncio.Event().wait()
        case Reset():
            call.error = "reset"
            reset(request.transport)
    return web.Response()


def _object(body: str) -> Json:
    try:
        parsed = json.loads(body)
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(parsed, dict):
        raise Refusal("json_not_object")
    return parsed
