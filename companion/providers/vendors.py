"""A pipeline's vendors by name: their packages (onnxruntime, the openai SDK) cost half a second and 60 MB to import,
so only those of the one that serves are."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from companion.providers.config import ConfigurationError, ProvidersConfig


def build_by_name(pipeline: str, vendors: Mapping[str, str], config: ProvidersConfig) -> Any:
    """What the `build(config)` of the pipeline's vendor makes. `vendors`: modules by the names that settings take.

    Raises ConfigurationError for another name, and what the vendor raises.
    """
    name = config.pipeline(pipeline).name
    if name not in vendors:
        raise ConfigurationError(f"COMPANION_{pipeline} must be one of {', '.join(vendors)}, not {name!r}.")
    return import_module(vendors[name]).build(config)
