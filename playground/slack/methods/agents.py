"""assistant.threads.* and agents.sessions.*: what an agent shows about a thread beside its messages."""

from playground.slack.arguments import Method, Refusal, invalid_arguments, structure, text
from playground.slack.directory import Json
from playground.slack.installation import Installation
from playground.slack.methods.chat import AUTHORSHIP, need_customize
from playground.slack.methods.streaming import check_session_status
from playground.slack.threads import Status, ThreadId

MOST_LOADING_MESSAGES = 10
MOST_PROMPTS = 4
TITLE_CHARACTERS = 200


async def set_status(slack: Installation, given: Json) -> Json:
    """assistant.threads.setStatus; an empty status takes it away."""
    need_customize(slack, given)
    loading = given.get("loading_messages", [])
    if not isinstance(loading, list) or len(loading) > MOST_LOADING_MESSAGES:
        raise invalid_arguments(f"no more than {MOST_LOADING_MESSAGES} items allowed [json-pointer:/loading_messages]")
    if "status" not in given:
        raise invalid_arguments("missing required field: status")
    slack.workspace.threads.set_status(_thread(slack, given), Status(given["status"], tuple(loading)))
    return {}


async def set_title(slack: Installation, given: Json) -> Json:
    """assistant.threads.setTitle."""
    slack.workspace.threads.set_title(_thread(slack, given), given["title"])
    return {}


async def set_suggested_prompts(slack: Installation, given: Json) -> Json:
    """assistant.threads.setSuggestedPrompts; without a thread they stand at the top of the direct message."""
    prompts = given["prompts"]
    whole = isinstance(prompts, list) and all(
        isinstance(p, dict) and p.get("title") and p.get("message") for p in prompts
    )
    if not whole or not 1 <= len(prompts) <= MOST_PROMPTS:
        raise invalid_arguments("1 to 4 prompts, each with title and message [json-pointer:/prompts]")
    thread = _thread(slack, given)
    slack.workspace.threads.set_prompts(thread, {"title": given.get("title", ""), "prompts": prompts})
    return {}


async def set_session_status(slack: Installation, given: Json) -> Json:
    """agents.sessions.setStatus: active, processing (with the stop button), suspended or closed."""
    need_customize(slack, given)
    check_session_status(given["status"])
    if len(given.get("title", "")) > TITLE_CHARACTERS:
        raise invalid_arguments("must be less than 201 characters [json-pointer:/title]")
    thread = _thread(slack, given)
    slack.workspace.threads.set_session(thread, given["status"])
    if given.get("title"):
        slack.workspace.threads.set_title(thread, given["title"])
    return {}


async def rename_session(slack: Installation, given: Json) -> Json:
    """agents.sessions.rename."""
    if len(given["title"]) > TITLE_CHARACTERS:
        raise invalid_arguments("must be less than 201 characters [json-pointer:/title]")
    slack.workspace.threads.set_title(_thread(slack, given), given["title"])
    return {}


def _thread(slack: Installation, given: Json) -> ThreadId:
    channel, thread_ts = slack.channel(given["channel_id"]), given.get("thread_ts", "")
    if thread_ts and slack.workspace.message(channel.id, thread_ts) is None:
        raise Refusal("invalid_thread_ts")
    return channel.id, thread_ts


CHANNEL = text("channel_id", required=True, missing="channel_not_found")
THREAD = text("thread_ts", required=True, missing="invalid_thread_ts")

METHODS = (
    Method(
        "assistant.threads.setStatus",
        set_status,
        (CHANNEL, THREAD, text("status"), structure("loading_messages"), *AUTHORSHIP),
        scope="chat:write",
    ),
    Method(
        "assistant.threads.setTitle",
        set_title,
        (CHANNEL, THREAD, text("title", required=True)),
        scope="assistant:write",
    ),
    Method(
        "assistant.threads.setSuggestedPrompts",
        set_suggested_prompts,
        (CHANNEL, text("thread_ts"), text("title"), structure("prompts", required=True)),
        scope="assistant:write",
    ),
    Method(
        "agents.sessions.setStatus",
        set_session_status,
        (
            CHANNEL,
            text("thread_ts"),
            text("status", required=True),
            text("title"),
            text("initiator_user_id"),
            *AUTHORSHIP,
        ),
        scope="chat:write",
    ),
    Method(
        "agents.sessions.rename",
        rename_session,
        (CHANNEL, text("thread_ts"), text("title", required=True)),
        scope="chat:write",
    ),
)
