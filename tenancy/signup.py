"""The sign-up form's own fields (ACCOUNT_SIGNUP_FORM_CLASS). allauth adds e-mail and password."""

import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext

from companion.kernel.schemas import one_line
from tenancy.age import check_old_enough
from tenancy.models import User

OLDEST = 120
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class SignupForm(forms.Form):
    """Cleaning the birth date ends the request with the contract's 403 when the person is too young."""

    birth_date = forms.CharField()
    name = forms.CharField(required=False, max_length=80)
    country = forms.CharField(required=False)
    time_zone = forms.CharField(required=False)

    def clean(self) -> dict[str, Any] | None:
        """What is no text is refused: Django would take a number, a list or `true` as Python writes it."""
        for name in self.fields.keys() - self.errors.keys():
            if not isinstance(self.data.get(name), str | None):
                self.add_error(name, ValidationError(RegexValidator.message, code="invalid"))
        return super().clean()

    def clean_birth_date(self) -> date:
        text = self.cleaned_data["birth_date"]
        try:
            born = date.fromisoformat(text) if ISO_DATE.fullmatch(text) else None
        except ValueError:
            born = None
        today = datetime.now(UTC).date()
        if born is None or born > today or today.year - born.year > OLDEST:
            raise ValidationError(gettext("Enter a date as YYYY-MM-DD."), code="invalid")
        check_old_enough(born, today)
        return born

    def clean_name(self) -> str:
        try:
            return one_line(str(self.cleaned_data["name"]))
        except ValueError as error:
            raise ValidationError(gettext("This name has characters that cannot be shown."), code="invalid") from error

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if country and not re.fullmatch(r"[A-Z]{2}", country):
            raise ValidationError(gettext("Enter a country code of ISO 3166, such as DE."), code="invalid")
        return country

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        if zone and zone not in available_timezones():
            raise ValidationError(
                gettext("Enter a time zone of the IANA database, such as Europe/Berlin."), code="invalid"
            )
        return zone

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth wants this method; the adapter has written the fields with the account itself."""


def apply_fields(user: User, cleaned: dict[str, Any], accept_language: str) -> None:
    """Sets what the form knows on an account that is about to be saved."""
    user.birth_date = cleaned["birth_date"]
    user.name = cleaned.get("name", "")
    user.country = cleaned.get("country", "")
    user.time_zone = cleaned.get("time_zone") or "UTC"
    first = re.match(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?", accept_language)
    user.language = first.group(0)[:12] if first else ""
