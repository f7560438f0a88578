"""Which extractor serves: the grammar when the first language model is the offline one, else the model."""

from collections.abc import Callable

from companion.providers.config import ProvidersConfig
from memory.extraction.base import Extractor
from memory.extraction.llm import Chain, LLMExtractor
from memory.extraction.offline import OfflineExtractor


def build_extractor(config: ProvidersConfig, chain: Chain, *, killed: Callable[[str], bool]) -> Extractor:
    """By COMPANION_LLM. `killed(name)`: is this provider switched off?"""
    if config.pipeline("LLM").name == "offline":
        return OfflineExtractor()
    return LLMExtractor(chain, killed)
