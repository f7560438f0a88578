from datetime import UTC, datetime

import pytest

from companion.providers import errors
from companion.providers.status import error_for, retry_after

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("inf", None),
        ("nan", None),
        ("", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": value}, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, errors.RateLimited),
        (500, errors.ServerError),
        (503, errors.ServerError),
        (408, errors.Timeout),
        (401, errors.Misconfigured),
        (404, errors.Misconfigured),
        (400, errors.Rejected),
        (422, errors.Rejected),
        (302, errors.Garbage),
        (204, errors.Garbage),
    ],
)
def test_each_status_means_one_error(status: int, error: type[errors.ProviderError]) -> None:
    assert type(error_for(status, {})) is error


def test_200_is_none() -> None:
    assert error_for(200, {}) is None
