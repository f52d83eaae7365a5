"""Which addresses are Slack's own: where files come from and go to, and where the bot's token may be shown."""

from yarl import URL

_HOSTS = ("slack.com", "slack-files.com", "slack-edge.com")
"""Slack's domains; files are at files.slack.com, and redirects lead to the others."""


def slack_address(text: str, api: URL, base: URL | None = None) -> URL | None:
    """The address, if it is on one of Slack's hosts or has the very origin of `api`; None for any other.

    `base` is what a relative one is relative to. What has a user's name in it is not Slack's, whoever the host is.
    """
    try:
        url = base.join(URL(text)) if base else URL(text)
        return url if _is_slacks(url, api) else None
    except ValueError:
        return None


def _is_slacks(url: URL, api: URL) -> bool:
    host = (url.raw_host or "").lower()
    if not host or "@" in url.raw_authority:
        return False
    if url.origin() == api.origin():
        return True
    is_usual = url.scheme == "https" and url.port == 443
    return is_usual and any(host == known or host.endswith(f".{known}") for known in _HOSTS)
