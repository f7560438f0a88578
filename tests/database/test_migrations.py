"""Migrations can be deployed while the version before still serves (`make check` also asks that all are written)."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django_migration_linter import MigrationLinter

# The libraries' migrations are not ours to judge.
LIBRARIES = [app.label for app in apps.get_app_configs() if "site-packages" in Path(app.path).parts]


def test_no_migration_breaks_the_version_that_still_serves(capsys: pytest.CaptureFixture[str]) -> None:
    linter = MigrationLinter(
        str(settings.BASE_DIR),
        exclude_apps=LIBRARIES,
        database="owner",
        no_cache=True,
        ignore_initial_migrations=True,  # nothing serves before the first
    )

    linter.lint_all_migrations()

    assert linter.nb_total > 0
    assert not linter.has_errors, capsys.readouterr().out
