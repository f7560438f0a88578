"""What the settings choose for memory: the extractor, and what the archive may keep."""

from django.conf import settings

from companion.providers.config import from_settings
from companion.providers.llm.registry import build_llm_chain
from memory.extraction.base import Extractor
from memory.extraction.policy import category_of, may_keep
from memory.extraction.registry import build_extractor
from tenancy.switches import stored_state


def configured_extractor() -> Extractor:
    """By COMPANION_LLM. The kill switches are read as they stand now: a job has no snapshot of them."""
    config = from_settings(settings)
    return build_extractor(config, build_llm_chain(config), killed=stored_state().providers.__contains__)


def may_archive(text: str, consent: bool) -> bool:
    """Whether a line may be kept, given the fan's word on special categories."""
    return may_keep(category_of(text), consent=consent)
