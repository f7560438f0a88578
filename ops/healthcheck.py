"""The image's HEALTHCHECK: exit status 0 when the container's process answers. Bare Python, for it starts every 10 s.

The web process is asked for /livez; worker and scheduler, which serve nothing else, for their metrics at
COMPANION_METRICS_PORT. Whether a process should get requests is another question: /readyz, asked by the balancer.
"""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

TIMEOUT_S = 2


def address(environ: Mapping[str, str]) -> str:
    """What this container's process answers."""
    metrics_port = environ.get("COMPANION_METRICS_PORT")
    if metrics_port:
        return f"http://127.0.0.1:{metrics_port}/metrics"
    return f"http://127.0.0.1:{environ.get('PORT', '8000')}/livez"


def host(environ: Mapping[str, str]) -> str:
    """A host that the product answers for."""
    return environ.get("COMPANION_ALLOWED_HOSTS", "").split(",")[0].lstrip(".") or "localhost"


def main() -> int:
    """Any answer but a server's error is a sign of life: a redirect to https is one."""
    request = urllib.request.Request(  # noqa: S310  # our own http address
        address(os.environ), headers={"Host": host(os.environ), "X-Forwarded-Proto": "https"}
    )
    try:
        urllib.request.urlopen(request, timeout=TIMEOUT_S).close()  # noqa: S310  # our own http address
    except urllib.error.HTTPError as answer:
        return 1 if answer.code >= 500 else 0
    except OSError as error:
        sys.stderr.write(f"no answer: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
