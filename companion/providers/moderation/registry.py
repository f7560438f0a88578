"""From settings to the intent classifier. Adding a vendor is adding a file with `build(config)` and a line here."""

from importlib import import_module
from typing import cast

from companion.providers.config import ConfigurationError, ProvidersConfig
from companion.providers.moderation.base import Classifier
from companion.providers.moderation.fallback import ClassifierWithFallback

# By name, because the openai SDK costs half a second and 60 MB to import.
VENDORS = {
    "offline": "companion.providers.moderation.offline",
    "openai": "companion.providers.moderation.openai",
}


def build_classifier(config: ProvidersConfig) -> ClassifierWithFallback:
    """Raises ConfigurationError; opens no connection."""
    name = config.pipeline("MODERATION").name
    if name not in VENDORS:
        raise ConfigurationError(f"COMPANION_MODERATION must be one of {', '.join(VENDORS)}, not {name!r}.")
    return ClassifierWithFallback(cast(Classifier, import_module(VENDORS[name]).build(config)))
