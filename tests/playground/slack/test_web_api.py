"""Tokens, scopes, arguments and methods: what the Web API refuses before a method is carried out."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack.arguments import Kind
from playground.slack.installation import APP_TOKEN, BOT_TOKEN
from playground.slack.web_api import METHODS
from tests.playground.slack.scene import Scene, error_of

TOKENS = [
    ("auth.test", "", "not_authed"),
    ("auth.test", "xoxb-wrong", "invalid_auth"),
    ("auth.test", APP_TOKEN, "not_allowed_token_type"),
    ("apps.connections.open", BOT_TOKEN, "not_allowed_token_type"),
    ("apps.connections.open", "", "not_authed"),
]


@pytest.mark.parametrize(("method", "token", "error"), TOKENS)
async def test_a_token_must_be_there_and_right(scene: Scene, method: str, token: str, error: str) -> None:
    client = AsyncWebClient(token, scene.slack.api_url, session=scene.http)
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method)
    assert error_of(refused.value) == error
    assert refused.value.response.status_code == 200


async def test_the_token_may_come_as_an_argument(scene: Scene) -> None:
    async with scene.http.post(f"{scene.slack.api_url}auth.test", data={"token": BOT_TOKEN}) as response:
        assert (await response.json())["ok"]
    assert "token" not in list(scene.slack.calls)[-1].arguments, "tokens are not kept"


async def test_who_am_i_names_the_bot_and_its_scopes(scene: Scene) -> None:
    scene.slack.installation.scopes.clear()
    scene.slack.installation.scopes.update({"chat:write", "im:history"})
    answer = await scene.client.auth_test()
    assert (answer["user_id"], answer["bot_id"]) == (scene.bot, scene.workspace.bot.bot_id)
    assert answer.headers["x-oauth-scopes"] == "chat:write,im:history"


SCOPED: list[tuple[str, dict[str, Any], str]] = [
    ("chat.postMessage", {"channel": "DM", "text": "hi"}, "chat:write"),
    ("chat.startStream", {"channel": "DM", "thread_ts": "1.1"}, "chat:write"),
    ("users.info", {"user": "U1"}, "users:read"),
    ("reactions.add", {"name": "wave", "channel": "DM", "timestamp": "1.1"}, "reactions:write"),
    ("files.info", {"file": "F1"}, "files:read"),
    ("usergroups.list", {}, "usergroups:read"),
    ("team.info", {}, "team:read"),
    ("assistant.threads.setTitle", {"channel_id": "DM", "thread_ts": "1.1", "title": "t"}, "assistant:write"),
]


@pytest.mark.parametrize(("method", "arguments", "scope"), SCOPED)
async def test_a_missing_scope_is_named(scene: Scene, method: str, arguments: dict[str, Any], scope: str) -> None:
    scene.slack.installation.scopes.discard(scope)
    with pytest.raises(SlackApiError) as refused:
        await scene.client.api_call(method, params=arguments)
    response = refused.value.response
    assert (response["error"], response["needed"]) == ("missing_scope", scope)
    assert scope not in response["provided"].split(",")


@pytest.mark.parametrize(
    ("kind", "scope"), [("general", "channels:history"), ("dm", "im:history"), ("private", "groups:history")]
)
async def test_reading_needs_the_scope_for_its_kind_of_channel(scene: Scene, kind: str, scope: str) -> None:
    channel = {"general": scene.general, "dm": scene.dm, "private": scene.private}[kind]
    if scene.bot not in channel.members:
        channel.members.append(scene.bot)
    scene.slack.installation.scopes.discard(scope)
    with pytest.raises(SlackApiError) as refused:
        await scene.client.conversations_history(channel=channel.id)
    assert refused.value.response["needed"] == scope


async def test_a_name_of_its_own_needs_a_scope(scene: Scene) -> None:
    scene.slack.installation.scopes.discard("chat:write.customize")
    answer = await scene.call("chat.postMessage", channel=scene.dm.id, text="hi", username="Oracle")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write.customize")


async def test_an_unknown_method_is_refused(scene: Scene) -> None:
    answer = await scene.call("chat.shout")
    assert (answer["ok"], answer["error"], answer["req_method"]) == (False, "unknown_method", "chat.shout")


async def test_an_unknown_argument_is_refused(scene: Scene) -> None:
    answer = await scene.call("chat.postMessage", channel=scene.dm.id, text="hi", txet="hi")
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] unknown argument: txet"]


async def test_the_team_may_be_named_with_any_method(scene: Scene) -> None:
    client = AsyncWebClient(BOT_TOKEN, scene.slack.api_url, session=scene.http, team_id=scene.workspace.team_id)
    assert (await client.auth_test())["ok"]


async def test_a_json_body_is_not_read_by_methods_that_take_only_forms(scene: Scene) -> None:
    ts = await scene.ask()
    answer = await scene.call("conversations.replies", channel=scene.dm.id, ts=ts)
    assert answer["error"] == "channel_not_found"
    assert (await scene.client.conversations_replies(channel=scene.dm.id, ts=ts))["ok"]
    answer = await scene.call("files.getUploadURLExternal", filename="a.txt", length=3)
    assert answer["error"] == "missing_argument"


@pytest.mark.parametrize(("body", "error"), [("{", "invalid_json"), ("[]", "json_not_object")])
async def test_a_json_body_must_be_an_object(scene: Scene, body: str, error: str) -> None:
    headers = {"Authorization": f"Bearer {BOT_TOKEN}", "Content-Type": "application/json"}
    async with scene.http.post(f"{scene.slack.api_url}auth.test", data=body, headers=headers) as response:
        assert (await response.json())["error"] == error


def wrong(kind: Kind) -> object:
    return {Kind.STRING: 5, Kind.BOOLEAN: "perhaps", Kind.INTEGER: "many", Kind.STRUCTURE: "{", Kind.LIST: 5}[kind]


WRONG_KINDS = [
    (method.name, argument.name, argument.kind)
    for method in METHODS.values()
    for argument in method.arguments
    if method.takes_json
]


@pytest.mark.parametrize(("method", "argument", "kind"), WRONG_KINDS)
async def test_a_value_of_the_wrong_kind_is_refused(scene: Scene, method: str, argument: str, kind: Kind) -> None:
    answer = await scene.call(method, **{argument: wrong(kind)})
    assert not answer["ok"]
    assert answer["error"] == "invalid_arguments" or answer["error"].startswith("invalid_")


REQUIRED = [
    (method.name, argument.name, argument.missing or "invalid_arguments")
    for method in METHODS.values()
    for argument in method.arguments
    if argument.required
]


@pytest.mark.parametrize(("method", "argument", "error"), REQUIRED)
async def test_a_required_argument_must_be_there(scene: Scene, method: str, argument: str, error: str) -> None:
    declared = {known.name: known for known in METHODS[method].arguments if known.required and known.name != argument}
    samples = {Kind.STRING: "1.1", Kind.INTEGER: "1", Kind.BOOLEAN: "true", Kind.STRUCTURE: "{}"}
    with pytest.raises(SlackApiError) as refused:
        await scene.client.api_call(method, params={name: samples[known.kind] for name, known in declared.items()})
    assert error_of(refused.value) == error
    if error == "invalid_arguments":
        assert f"[ERROR] missing required field: {argument}" in refused.value.response["response_metadata"]["messages"]


async def test_calls_are_counted_with_their_errors(scene: Scene) -> None:
    await scene.client.chat_postMessage(channel=scene.dm.id, text="hi")
    await scene.call("chat.postMessage", channel=scene.dm.id)
    calls = scene.slack.calls
    assert calls.count("chat.postMessage") == 2
    assert calls.count("chat.postMessage", error="") == 1
    assert calls.count("chat.postMessage", error="no_text") == 1
    assert [call.carried_out for call in calls.of("chat.postMessage")] == [True, False]
    assert calls.busiest_minute("chat.postMessage") == 2
    calls.clear()
    assert len(calls) == 0
