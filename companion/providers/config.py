"""Which provider serves each pipeline. Plain data, so that the call agent can fill it without Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

OPENAI_URL = "https://api.openai.com/v1"


class ConfigurationError(Exception):
    """A provider cannot be built as configured; the message is a sentence that names the setting. Boot stops on it."""


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """One pipeline's provider. An empty `base_url` is the vendor's own address."""

    name: str
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    model: str = ""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds. `first_token_s` is for one attempt, `first_token_total_s` for all attempts of a chain."""

    connect_s: float = 2.0
    first_token_s: float = 8.0
    first_token_total_s: float = 15.0


@dataclass(frozen=True, slots=True)
class ProvidersConfig:
    """Everything that the registries read. Pipelines are LLM, STT, TTS, EMBEDDINGS and MODERATION."""

    data_dir: Path
    pipelines: Mapping[str, ProviderConfig] = field(default_factory=dict)
    llm_fallbacks: tuple[ProviderConfig, ...] = ()
    deadlines: Deadlines = Deadlines()
    breaker_failures: int = 5
    breaker_cooldown_s: float = 15.0
    offline_token_s: float = 0.0

    def pipeline(self, pipeline: str) -> ProviderConfig:
        return self.pipelines.get(pipeline, ProviderConfig("offline"))


def from_settings(settings: Any) -> ProvidersConfig:
    """Reads the names of companion/settings.py from anything that has them as attributes."""
    pipelines = {name: ProviderConfig(**fields) for name, fields in settings.PROVIDERS.items()}
    return ProvidersConfig(
        data_dir=Path(settings.DATA_DIR),
        pipelines=pipelines,
        llm_fallbacks=tuple(_fallback(name.strip(), pipelines) for name in settings.LLM_FALLBACK),
        deadlines=Deadlines(settings.CONNECT_TIMEOUT_S, settings.FIRST_TOKEN_TIMEOUT_S, settings.FIRST_TOKEN_TOTAL_S),
        breaker_failures=settings.BREAKER_FAILURES,
        breaker_cooldown_s=settings.BREAKER_COOLDOWN_S,
        offline_token_s=settings.OFFLINE_TOKEN_MS / 1000,
    )


def openai_base_url(config: ProviderConfig, pipeline: str) -> str:
    """The base URL without a slash at its end. Raises ConfigurationError when the vendor's own address has no key."""
    url = (config.base_url or OPENAI_URL).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(f"COMPANION_{pipeline}_BASE_URL must be an http or https address, not {url!r}.")
    if url == OPENAI_URL and not config.api_key:
        raise ConfigurationError(
            f"COMPANION_{pipeline}=openai needs COMPANION_{pipeline}_API_KEY, or COMPANION_{pipeline}_BASE_URL "
            "of a server of your own."
        )
    return url


def _fallback(name: str, pipelines: Mapping[str, ProviderConfig]) -> ProviderConfig:
    """A fallback has settings of its own where COMPANION_LLM_FALLBACK_* gives them, else the primary's."""
    own = pipelines.get("LLM_FALLBACK", ProviderConfig(name))
    primary = pipelines.get("LLM", ProviderConfig(name))
    chosen = own if own.base_url or own.model else primary
    return ProviderConfig(name, chosen.base_url, chosen.api_key, chosen.model)
