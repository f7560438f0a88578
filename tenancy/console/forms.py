"""The base of the console's forms."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminTextInputWidget

from tenancy.console import conflicts
from tenancy.console.conflicts import Conflict, Differing

UNSAVED = "Nothing was saved: choose for each field above, then save again."


class ConsoleForm(forms.ModelForm):  # type: ignore[type-arg]  # django's ModelForm takes no parameter at run time
    """A form over one row; what it makes is saved by a service (TenantModelAdmin.write_row), never by itself.

    It is not valid where somebody else saved one of its fields since it was opened: `conflict` says what and who, and
    what was typed stays in the form. The answer then names a side for each field (conflicts.SIDE_FIELD).
    """

    conflict: Conflict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Before the instance takes on what was posted.
        self._stored = {name: getattr(self.instance, name) for name in self._compared()}
        self._now = conflicts.marks(self.instance, list(self._stored))

    @property
    def opened(self) -> str:
        """The marks that the page carries: of what the person has seen."""
        brought = self.data.get(conflicts.OPENED_FIELD) if self.is_bound else None
        return str(brought) if brought and self.conflict is None else json.dumps(self._now)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opened = conflicts.read_marks(self.data.get(conflicts.OPENED_FIELD))
        if opened is not None:
            self._settle(cleaned, opened)
        return cleaned

    def _settle(self, cleaned: dict[str, Any], opened: dict[str, str]) -> None:
        """Takes the other's side where it was chosen; refuses what was changed since, unless both say the same."""
        changed = [name for name, now in self._now.items() if opened.get(name) != now]
        apart = tuple(self._differing(name, cleaned, opened) for name in self._stored if self._differs(name, cleaned))
        if changed and apart:
            self.conflict = conflicts.found_conflict(self.instance, apart)
            self.add_error(None, ValidationError(UNSAVED, code="conflict"))
            return
        for name in self._stored:
            if self.data.get(conflicts.SIDE_FIELD + name) == conflicts.THEIRS:
                self.errors.pop(name, None)
                cleaned[name] = self._stored[name]

    def _differs(self, name: str, cleaned: dict[str, Any]) -> bool:
        return name not in cleaned or conflicts.mark(cleaned[name]) != self._now[name]

    def _differing(self, name: str, cleaned: dict[str, Any], opened: dict[str, str]) -> Differing:
        field = self.fields[name]
        choices = dict(getattr(field, "choices", None) or ())
        mine = conflicts.told(cleaned[name], choices) if name in cleaned else str(self[name].value() or "")
        untouched = name in cleaned and conflicts.mark(cleaned[name]) == opened.get(name)
        side = self.data.get(conflicts.SIDE_FIELD + name) or (conflicts.THEIRS if untouched else conflicts.MINE)
        label = str(self[name].label)
        return conflicts.differing(name, label, conflicts.told(self._stored[name], choices), mine, side)

    def _compared(self) -> list[str]:
        if self.instance._state.adding:
            return []
        columns = {f.name for f in self.instance._meta.concrete_fields if f.editable}
        return [name for name in self.fields if name in columns]


def reason_field(help_text: str) -> forms.CharField:
    """Why something is done; required wherever a person or a surface is stopped."""
    return forms.CharField(max_length=300, help_text=help_text, widget=UnfoldAdminTextInputWidget())
