"""The base of the console's forms."""

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget


class ConsoleForm(forms.ModelForm):  # type: ignore[type-arg]  # django's ModelForm takes no parameter at run time
    """A form over one row; what it makes is saved by a service (TenantModelAdmin.write_row), never by itself."""


def reason_field(help_text: str) -> forms.CharField:
    """Why something is done; required wherever a person or a surface is stopped."""
    return forms.CharField(max_length=300, help_text=help_text, widget=UnfoldAdminTextInputWidget())
