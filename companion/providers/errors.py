"""What can go wrong with an upstream. No text of the upstream's answer is kept: it may quote the fan."""

from dataclasses import dataclass
from typing import ClassVar


class ProviderError(Exception):
    """`code` is for traces and metrics; `retryable`: the same request may succeed later, or elsewhere.

    `blames_upstream`: it counts for the breaker. A request that was refused for its own content does not.
    """

    code: ClassVar[str] = "provider_error"
    retryable: ClassVar[bool] = True
    blames_upstream: ClassVar[bool] = True

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.code)


class Refused(ProviderError):
    """No connection: refused, no such host, TLS failed, or closed before it answered."""

    code = "refused"


class Timeout(ProviderError):
    """The deadline for connecting, for the first token or for the whole answer passed."""

    code = "timeout"


class RateLimited(ProviderError):
    """429. `retry_after_s` is what the upstream asked for, or None."""

    code = "rate_limited"

    def __init__(self, detail: str = "", *, retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class ServerError(ProviderError):
    """5xx, or an error object inside a stream."""

    code = "server_error"


class Garbage(ProviderError):
    """An answer that cannot be read, or that holds nothing."""

    code = "garbage"


class Cut(ProviderError):
    """The stream broke off after it had begun; what was shown stays shown, and nothing is tried again."""

    code = "cut"


class BreakerOpen(ProviderError):
    """Not even tried."""

    code = "open"
    blames_upstream = False


class Misconfigured(ProviderError):
    """401, 403, 404: the key, the model or the address is wrong. No retry helps until someone corrects it."""

    code = "misconfigured"
    retryable = False


class Rejected(ProviderError):
    """Another 4xx: this very request is not taken (too long, not allowed by the vendor)."""

    code = "rejected"
    retryable = False
    blames_upstream = False


class Killed(ProviderError):
    """The provider's kill switch is on."""

    code = "killed"
    retryable = False
    blames_upstream = False


class Broken(ProviderError):
    """The provider's code raised what it must not raise; the log has the type."""

    code = "broken"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One provider's try that gave no first token. `error` is a ProviderError's code."""

    provider: str
    model: str
    error: str
    seconds: float


class NoFirstToken(ProviderError):
    """No provider of the chain gave a first token in time: the caller answers with its template."""

    code = "no_first_token"

    def __init__(self, attempts: tuple[Attempt, ...]) -> None:
        super().__init__(", ".join(f"{attempt.provider} {attempt.error}" for attempt in attempts))
        self.attempts = attempts
