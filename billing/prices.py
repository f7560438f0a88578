"""What a model's tokens cost, by the prices of COMPANION_LLM_PRICES.

{"currency": "EUR", "models": {"m": {"input": 250, "output": 1000}}}, in minor units per million tokens. Prices
are applied when a figure is read, so a sum is what the tokens cost at today's prices. A model without a price has no
cost, which is told as such; the offline models cost nothing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from billing.contracts import ModelTokens

OFFLINE = "offline"
MILLION = Decimal(1_000_000)
# Currencies whose minor unit is not a hundredth (ISO 4217).
DECIMALS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "BHD": 3, "KWD": 3, "TND": 3}


@dataclass(frozen=True, slots=True)
class Cost:
    """`minor` in hundredths (or as the currency has it), unrounded; `unpriced` names the models without a price."""

    minor: Decimal
    currency: str
    unpriced: tuple[str, ...]

    @property
    def text(self) -> str:
        """With at least the currency's decimals, and more where the sum would read as nothing."""
        decimals = DECIMALS.get(self.currency, 2)
        amount = self.minor / 10**decimals
        if 0 < amount < Decimal("0.1"):
            decimals = max(decimals, 4)
        return f"{amount:,.{decimals}f} {self.currency}".strip()


def cost(used: Iterable[ModelTokens]) -> Cost:
    """The cost of these tokens together."""
    prices = _prices(settings.LLM_PRICES)
    minor, unpriced = Decimal(0), set()
    for tokens in used:
        price = (Decimal(0), Decimal(0)) if tokens.provider == OFFLINE else prices.models.get(tokens.model)
        if price is None:
            unpriced.add(tokens.model or tokens.provider)
        else:
            minor += (price[0] * tokens.input_tokens + price[1] * tokens.output_tokens) / MILLION
    return Cost(minor, prices.currency, tuple(sorted(unpriced)))


def cost_of(provider: str, model: str, input_tokens: int, output_tokens: int) -> Cost | None:
    """One turn's cost; None when its model has no price."""
    found = cost([ModelTokens(provider, model, input_tokens, output_tokens)])
    return None if found.unpriced else found


@dataclass(frozen=True, slots=True)
class _Prices:
    currency: str
    models: Mapping[str, tuple[Decimal, Decimal]]


@cache
def _prices(text: str) -> _Prices:
    """Raises ImproperlyConfigured for what is no list of prices."""
    try:
        told: Mapping[str, Any] = json.loads(text or "{}")
        models = {
            name: (Decimal(str(price["input"])), Decimal(str(price["output"])))
            for name, price in told.get("models", {}).items()
        }
        return _Prices(str(told["currency"] if models else told.get("currency", "")), models)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ImproperlyConfigured(
            'COMPANION_LLM_PRICES is JSON like {"currency": "EUR", "models": {"m": {"input": 250, "output": 1000}}}'
        ) from error
