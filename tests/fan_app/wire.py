"""An answer as it goes over the wire, compressed or not."""

import http.client
from urllib.parse import urlsplit


def fetch(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers by their small names, and body; `headers` have `_` for `-`. The path is sent as it is written."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, parts.path, headers={"Accept-Encoding": "gzip, deflate, br", **sent})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
