"""Why deliveries fail: the usual cause behind each status that GitHub shows, and what to do."""

from __future__ import annotations

from bot.redaction import clean_line

_CAUSES = {
    400: (
        "answered 400, the delivery is for another app",
        "Compare APP_ID with the App ID on the app's page; a proxy must leave GitHub's headers as they are.",
    ),
    401: (
        "answered 401, the secrets differ",
        (
            "Write the Webhook secret of the app's page as WEBHOOK_SECRET and restart the server. If they "
            "are the same, a proxy changes the body."
        ),
    ),
    403: ("answered 403, which PRHub never does", "Let the proxy or firewall in front admit GitHub."),
    404: (
        "answered 404, nothing takes deliveries at that path",
        (
            "Compare the path of the Webhook URL with WEBHOOK_PATH, and the proxy's routes with both. A "
            "process with --worker-only takes none."
        ),
    ),
    405: ("answered 405, the path is another page's", "Compare the Webhook URL's path with WEBHOOK_PATH."),
    408: ("answered 408, the body came too slowly", "Look for a proxy that holds back request bodies."),
    413: ("answered 413, the body is too large for the proxy", "Let the proxy take bodies of 25 MB."),
    415: (
        "answered 415, the content type is not JSON",
        "Choose application/json as Content type on the app's page.",
    ),
    502: ("answered 502, the proxy does not reach PRHub", "Compare the proxy's target with HOST and PORT."),
    503: (
        "answered 503, the server could not store it",
        "Look at database and disk here, and at the log for `delivery not stored`.",
    ),
    504: ("answered 504, PRHub did not answer the proxy in time", "Look at database and disk here."),
}
_WORDS = (
    (
        ("timed out", "timeout"),
        (
            "no answer within 10 s",
            "Look at the machine's load, at database and disk here, and at the firewall.",
        ),
    ),
    (
        ("certificate", "ssl", "peer", "tls"),
        (
            "the certificate was refused",
            "Renew the certificate, with its whole chain, for the Webhook URL's host.",
        ),
    ),
    (
        ("connect", "resolve", "host", "refused"),
        (
            "GitHub cannot connect",
            (
                "See that the Webhook URL's host and port lead from the internet to a running prhub serve: "
                "name, firewall, proxy, HOST and PORT."
            ),
        ),
    ),
)


def cause_of(code: int, status: str) -> tuple[str, str]:
    """Give what happened and what to do, for a delivery's ``status_code`` and ``status``."""
    if code in _CAUSES:
        return _CAUSES[code]
    if 300 <= code < 400:
        return (
            f"answered {code}, which sends GitHub elsewhere, and it does not follow",
            "Write the address that the redirect leads to as Webhook URL.",
        )
    said = clean_line(status, 80)
    for words, told in _WORDS:
        if code == 0 and any(word in said.lower() for word in words):
            return told
    shown = f"answered {code}" if code else f"GitHub says: {said}"
    return shown, "Look at the log of the server and of what stands in front of it at that time."
