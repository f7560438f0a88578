"""/livez, /readyz and /metrics: for the supervisor, the cluster and Prometheus."""

from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from companion.kernel import metrics
from companion.kernel.health import feed_probe, health, postgres_probe, redis_probe
from companion.kernel.vitals import VITALS
from conversations.runtime import runtime


async def register_probes() -> None:
    """What the web process needs, once its runtime has started (a start hook of companion/asgi.py)."""
    health.register("postgres", postgres_probe(settings.DATABASE_URL))
    health.register("redis", redis_probe(runtime().redis))
    health.register("changes", feed_probe(runtime().feed))


@require_safe
async def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing more."""
    return JsonResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})


@require_safe
async def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when requests should be sent here, else 503; each dependency has its row."""
    ready, body = await health.report()
    return JsonResponse(body, status=200 if ready else 503, headers={"Cache-Control": "no-store"})


@never_cache
@require_safe
def prometheus(_request: HttpRequest) -> HttpResponse:
    """The figures of every process of this machine, and what waits in the servers that all share."""
    metrics.FEED_AGE.set(monotonic() - runtime().feed.read_at)
    return HttpResponse(metrics.exposition(VITALS), content_type=CONTENT_TYPE_LATEST)
