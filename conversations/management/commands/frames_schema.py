"""`manage.py frames_schema`: writes docs/frames.schema.json, which a test compares with the code."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from conversations.transports.schema import frames_schema


class Command(BaseCommand):
    help = "Writes the JSON Schema of the socket's frames to docs/frames.schema.json."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "frames.schema.json"
        path.write_text(json.dumps(frames_schema(), indent=2) + "\n", encoding="utf-8")
        self.stdout.write(str(path))
