"""The console's log-in: by e-mail and password, with a session."""

from typing import Any

from unfold.forms import AuthenticationForm


class ConsoleLoginForm(AuthenticationForm):  # type: ignore[misc]  # unfold ships no types
    """Says nothing about which of e-mail and password was wrong, nor whether the account is staff."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "E-mail"
        self.fields["username"].widget.input_type = "email"
        self.fields["username"].widget.attrs["autocomplete"] = "username"
