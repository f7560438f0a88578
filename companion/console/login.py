"""The console's log-in: by e-mail and password, with a session."""

from typing import Any

from django import forms
from django.conf import settings
from unfold.forms import AuthenticationForm

from companion.kernel.errors import CompanionError
from companion.kernel.limits import Rule, check, client_address

# Guessing is slow from one address and slow against one account; a person who mistypes stays below both.
PER_ADDRESS = Rule("console-login-address", ((20, 60), (100, 3600)))
PER_ACCOUNT = Rule("console-login-account", ((10, 300),))


class ConsoleLoginForm(AuthenticationForm):  # type: ignore[misc]  # unfold ships no types
    """Says nothing about which of e-mail and password was wrong, nor whether the account is staff."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "E-mail"
        self.fields["username"].widget.input_type = "email"
        self.fields["username"].widget.attrs["autocomplete"] = "username"

    def clean(self) -> dict[str, Any]:
        self._throttle()
        cleaned: dict[str, Any] = super().clean()
        return cleaned

    def _throttle(self) -> None:
        """Counts the attempt before the password is looked at."""
        try:
            check(PER_ADDRESS, client_address(self.request.META, settings.TRUSTED_PROXIES))
            check(PER_ACCOUNT, self.cleaned_data.get("username", "").lower())
        except CompanionError as refusal:
            wait = f" Try again in {refusal.retry_after_s} s." if refusal.retry_after_s else ""
            raise forms.ValidationError(f"{refusal.detail}.{wait}") from refusal
