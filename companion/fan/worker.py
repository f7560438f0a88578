"""The service worker's address. It stands at the root, for its scope; what it does is static/fan/sw.js."""

import json
from pathlib import PurePosixPath

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve

from companion.fan.modules import every_module, styles


@require_safe
@cache_control(no_cache=True)
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Names the release and its files, then loads the worker itself: a new release is a new worker."""
    files = [*styles(), *(f"fan/js/{name}" for name in every_module())]
    release = {
        "name": settings.STATIC_RELEASE,
        "static": settings.STATIC_URL,
        "files": [static(name) for name in files],
    }
    text = f"self.release = {json.dumps(release)};\nimportScripts({json.dumps(static('fan/sw.js'))});\n"
    return HttpResponse(text, content_type="text/javascript")


@require_safe
@cache_control(no_cache=True)
def other_release(request: HttpRequest, release: str, path: str) -> HttpResponseBase:
    """A file asked for under another release's address, while several run side by side: ours, but not to be kept."""
    if PurePosixPath(path).suffix in (".gz", ".br"):
        raise Http404
    return serve(request, path, document_root=str(settings.STATIC_ROOT))
