"""All aliases are roles of one database, so rows that were read by different roles may refer to each other."""

from django.db.models import Model


class OneDatabase:
    def allow_relation(self, _first: Model, _second: Model, **_hints: object) -> bool:
        return True
