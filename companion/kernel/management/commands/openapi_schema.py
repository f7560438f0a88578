"""`manage.py openapi_schema`: writes openapi.json, which a test compares with the code."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.test import Client


class Command(BaseCommand):
    help = "Writes the REST API's schema to openapi.json."

    def handle(self, *args: Any, **options: Any) -> None:
        schema = Client().get("/api/v1/openapi.json").json()
        path = settings.BASE_DIR / "openapi.json"
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        self.stdout.write(str(path))
