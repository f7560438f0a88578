"""From settings to the chain of language models. Adding a vendor is adding a file and a line in VENDORS."""

from collections.abc import Callable

from companion.kernel.breaker import Breaker
from companion.kernel.clock import Clock, SystemClock
from companion.providers.config import ConfigurationError, ProviderConfig, ProvidersConfig
from companion.providers.llm.base import LLM
from companion.providers.llm.fallback import Link, LLMChain
from companion.providers.llm.offline import OfflineLLM
from companion.providers.llm.openai import OpenAILLM

Vendor = Callable[[ProviderConfig, ProvidersConfig], LLM]


def _offline(_own: ProviderConfig, config: ProvidersConfig) -> LLM:
    return OfflineLLM(token_s=config.offline_token_s)


def _openai(own: ProviderConfig, config: ProvidersConfig) -> LLM:
    return OpenAILLM(own, config.deadlines)


VENDORS: dict[str, Vendor] = {"offline": _offline, "openai": _openai}


def build_llm_chain(config: ProvidersConfig, clock: Clock | None = None) -> LLMChain:
    """COMPANION_LLM, then COMPANION_LLM_FALLBACK in order. Raises ConfigurationError; opens no connection."""
    clock = clock or SystemClock()
    chosen = (config.pipeline("LLM"), *config.llm_fallbacks)
    names = [own.name for own in chosen]
    links = [
        Link(_build(own, config), _breaker(_label(index, names), config, clock)) for index, own in enumerate(chosen)
    ]
    return LLMChain(links, config.deadlines)


def _build(own: ProviderConfig, config: ProvidersConfig) -> LLM:
    vendor = VENDORS.get(own.name)
    if vendor is None:
        raise ConfigurationError(
            f"COMPANION_LLM and COMPANION_LLM_FALLBACK take {', '.join(VENDORS)}, not {own.name!r}."
        )
    return vendor(own, config)


def _breaker(upstream: str, config: ProvidersConfig, clock: Clock) -> Breaker:
    return Breaker(upstream, clock, failures=config.breaker_failures, cooldown_s=config.breaker_cooldown_s)


def _label(index: int, names: list[str]) -> str:
    """`llm:openai`; a second server of the same vendor is `llm:openai:2`, with a breaker and a gauge of its own."""
    seen = names[: index + 1].count(names[index])
    return f"llm:{names[index]}" if seen == 1 else f"llm:{names[index]}:{seen}"
