"""The lower bound: a bot that streams its answers, in forty lines with the same SDKs, that forgets everything."""

import asyncio
import os
import time
from typing import Any

from aiohttp import ClientSession, ClientTimeout
from openai import AsyncOpenAI
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient


async def main() -> None:
    async with ClientSession(timeout=ClientTimeout(30)) as session, AsyncOpenAI() as openai:
        client = AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"], session=session)
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=2))
        app = AsyncApp(client=client)

        @app.event("message")
        async def answer(event: dict[str, Any]) -> None:
            where = {"channel": event["channel"], "thread_ts": event.get("thread_ts") or event["ts"]}
            ts, unseen, shown_at = "", "", 0.0
            stream = await openai.responses.create(
                model=os.environ["GPT_MODEL"],
                input=event["text"],
                reasoning={"effort": "low"},
                store=False,
                stream=True,
            )
            async with stream:
                async for delta in stream:
                    if delta.type == "response.output_text.delta":
                        unseen += delta.delta
                        if time.monotonic() - shown_at >= 1:
                            if ts:
                                await client.chat_appendStream(channel=where["channel"], ts=ts, markdown_text=unseen)
                            else:
                                ts = (await client.chat_startStream(**where, markdown_text=unseen))["ts"]
                            unseen, shown_at = "", time.monotonic()
            await client.chat_stopStream(channel=where["channel"], ts=ts, markdown_text=unseen or None)

        await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()


asyncio.run(main())
