"""From settings to the chain."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from companion.providers.config import ConfigurationError, Deadlines, ProviderConfig, ProvidersConfig, from_settings
from companion.providers.llm.registry import build_llm_chain

OFFLINE = {"name": "offline", "base_url": "", "api_key": "", "model": ""}
VLLM = {"name": "openai", "base_url": "http://vllm:8000/v1", "api_key": "", "model": "qwen"}


def settings(**changed: Any) -> SimpleNamespace:
    """The names of companion/settings.py that providers read, as a bare checkout has them."""
    values: dict[str, Any] = {
        "DATA_DIR": "/tmp/data",
        "PROVIDERS": {"LLM": OFFLINE, "EMBEDDINGS": OFFLINE},
        "LLM_FALLBACK": [],
        "CONNECT_TIMEOUT_S": 2.0,
        "FIRST_TOKEN_TIMEOUT_S": 8.0,
        "FIRST_TOKEN_TOTAL_S": 15.0,
        "BREAKER_FAILURES": 5,
        "BREAKER_COOLDOWN_S": 15.0,
        "OFFLINE_TOKEN_MS": 15.0,
    }
    return SimpleNamespace(**values | changed)


def chain_of(config: ProvidersConfig) -> list[tuple[str, str, str]]:
    return [(link.llm.name, link.llm.model, link.breaker.upstream) for link in build_llm_chain(config).links]


def test_a_bare_checkout_answers_offline() -> None:
    config = from_settings(settings())
    assert [(name, upstream) for name, _, upstream in chain_of(config)] == [("offline", "llm:offline")]
    assert config.deadlines == Deadlines(2.0, 8.0, 15.0)
    assert config.offline_token_s == 0.015


def test_fallbacks_stand_behind_in_their_order() -> None:
    config = from_settings(settings(PROVIDERS={"LLM": VLLM}, LLM_FALLBACK=["openai", " offline"]))
    chain = chain_of(config)
    assert [name for name, _, _ in chain] == ["openai", "openai", "offline"]
    assert [upstream for _, _, upstream in chain] == ["llm:openai", "llm:openai:2", "llm:offline"]


def test_a_fallback_of_the_same_vendor_may_have_an_address_of_its_own() -> None:
    other = {"name": "offline", "base_url": "https://other/v1", "api_key": "k", "model": "gpt"}
    config = from_settings(settings(PROVIDERS={"LLM": VLLM, "LLM_FALLBACK": other}, LLM_FALLBACK=["openai"]))
    assert config.llm_fallbacks == (ProviderConfig("openai", "https://other/v1", "k", "gpt"),)
    assert [model for _, model, _ in chain_of(config)] == ["qwen", "gpt"]


def test_an_unknown_provider_is_named_with_those_that_there_are() -> None:
    config = replace(from_settings(settings()), pipelines={"LLM": ProviderConfig("nobody")})
    with pytest.raises(ConfigurationError, match="offline, openai, not 'nobody'"):
        build_llm_chain(config)


def test_a_pipeline_that_nobody_named_is_offline(tmp_path: Path) -> None:
    assert ProvidersConfig(tmp_path).pipeline("LLM") == ProviderConfig("offline")


def test_providers_need_no_django() -> None:
    code = (
        "import sys; import companion.providers.llm.registry, companion.providers.embeddings.registry;"
        "print([name for name in ('django', 'openai', 'onnxruntime', 'onnx') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": "."}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
