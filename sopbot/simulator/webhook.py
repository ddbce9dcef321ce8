"""Delivery of updates by HTTP POST, and the methods that switch it on and off; its counterpart is `updates.py`."""

import asyncio
import json
import re
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from sopbot.simulator.call import Call
from sopbot.simulator.errors import bad_request
from sopbot.simulator.updates import UpdateQueue
from sopbot.simulator.world import World

Json = dict[str, Any]
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
ANSWER_LIMIT = 60.0


def set_webhook(call: Call) -> bool:
    """Starts pushing to a URL; an empty one stops it. Plain HTTP is allowed to this machine only."""
    updates = call.telegram.updates
    url = call.get("url")
    if call.get("drop_pending_updates"):
        updates.drop_all()
    if call.get("allowed_updates") is not None:
        updates.allow(call.get("allowed_updates"))
    if not url:
        updates.set_webhook(None)
        return True
    parts = urlsplit(url if "://" in url else f"https://{url}")
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = call.get("secret_token") or ""
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    updates.set_webhook(
        {
            "url": url,
            "secret": secret,
            "has_custom_certificate": bool(call.get("certificate")),
            "max_connections": call.get("max_connections") or 40,
        }
    )
    return True


def delete_webhook(call: Call) -> bool:
    """Goes back to polling."""
    if call.get("drop_pending_updates"):
        call.telegram.updates.drop_all()
    call.telegram.updates.set_webhook(None)
    return True


def get_webhook_info(call: Call) -> Json:
    """Describes the webhook and its last failure."""
    updates = call.telegram.updates
    hook = updates.webhook or {}
    info: Json = {
        "url": hook.get("url", ""),
        "has_custom_certificate": hook.get("has_custom_certificate", False),
        "pending_update_count": len(updates.pending),
    }
    for key in ("max_connections", "last_error_date", "last_error_message"):
        if key in hook:
            info[key] = hook[key]
    return info | {"allowed_updates": updates.allowed} if updates.allowed else info


class WebhookDelivery:
    """Posts waiting updates, one at a time and in order, until each is taken with a 2xx."""

    def __init__(self, world: World, updates: UpdateQueue) -> None:
        """Does nothing until `run`."""
        self._world = world
        self._updates = updates

    async def run(self) -> None:
        """Runs until cancelled."""
        client = AsyncHTTPClient(force_instance=True)
        try:
            await self._deliver(client)
        finally:
            client.close()

    async def _deliver(self, client: AsyncHTTPClient) -> None:
        pause = FIRST_PAUSE
        while True:
            self._updates.arrived.clear()
            waiting = self._updates.available(1) if self._updates.webhook else []
            if not waiting:
                await self._updates.arrived.wait()
                continue
            failure = await self._post(client, self._updates.webhook or {}, waiting[0])
            if failure is None:
                if self._updates.available(1) == waiting:
                    self._updates.drop_first()
                pause = FIRST_PAUSE
            elif self._updates.webhook:
                self._updates.note_failure(failure)
            self._world.commit()
            if failure is not None:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _post(self, client: AsyncHTTPClient, hook: Json, update: Json) -> str | None:
        """Posts one update; returns why it was not taken, or None."""
        headers = {"Content-Type": "application/json"}
        if hook.get("secret"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook["secret"]
        request = HTTPRequest(
            hook["url"],
            method="POST",
            headers=headers,
            body=json.dumps(update, ensure_ascii=False),
            request_timeout=ANSWER_LIMIT,
            follow_redirects=False,
        )
        try:
            await client.fetch(request)
        except HTTPClientError as error:
            return f"Wrong response from the webhook: {error.code} {error.message}"
        except OSError as error:
            return f"Connection failed: {error.strerror or error}"
        return None
