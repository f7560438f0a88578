"""From settings to the intent classifier. Adding a vendor is adding a file with `build(config)` and a line here."""

from typing import cast

from companion.providers.config import ProvidersConfig
from companion.providers.moderation.base import Classifier
from companion.providers.moderation.fallback import ClassifierWithFallback
from companion.providers.vendors import build_by_name

VENDORS = {
    "offline": "companion.providers.moderation.offline",
    "openai": "companion.providers.moderation.openai",
}


def build_classifier(config: ProvidersConfig) -> ClassifierWithFallback:
    """Raises ConfigurationError; opens no connection."""
    return ClassifierWithFallback(cast(Classifier, build_by_name("MODERATION", VENDORS, config)))
