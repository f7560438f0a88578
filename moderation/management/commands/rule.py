"""`manage.py rule add | list | remove` (contract.md, Operations): live in every process within 2 s."""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from companion.kernel.commands import ServiceCommand
from moderation import selectors, services
from moderation.models import Rule
from tenancy.services import known_artist

ACTOR = "command:rule"


class Command(ServiceCommand):
    help = "Adds, lists and removes banned phrases."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="bans a phrase: whole words, a star at its end takes longer words too")
        whose = add.add_mutually_exclusive_group(required=True)
        whose.add_argument("--artist", metavar="SLUG", help="for this artist alone")
        whose.add_argument("--global", action="store_true", dest="everybody", help="for every artist")
        add.add_argument("--phrase", required=True)
        add.add_argument("--action", required=True, choices=Rule.Action.values)
        add.add_argument("--side", default=Rule.Side.BOTH.value, choices=Rule.Side.values)
        add.add_argument("--category", default="", help="for reports")
        listing = verbs.add_parser("list", help="the rules in force, newest first")
        listing.add_argument("--artist", metavar="SLUG", help="this artist's and the global ones")
        listing.add_argument("--json", action="store_true", dest="as_json")
        remove = verbs.add_parser("remove", help="takes a rule out of force")
        remove.add_argument("id")

    def handle(self, *args: Any, **options: Any) -> None:
        verbs = {"add": self._add, "list": self._list, "remove": self._remove}
        verbs[options["verb"]](options)

    def _add(self, options: dict[str, Any]) -> None:
        artist = None if options["everybody"] else known_artist(options["artist"]).id
        rule = services.add_rule(
            artist,
            options["phrase"],
            options["action"],
            side=options["side"],
            category=options["category"],
            actor=ACTOR,
        )
        self.stdout.write(str(rule.id))

    def _list(self, options: dict[str, Any]) -> None:
        rules = selectors.every_rule_in_force()
        if options["artist"]:
            known_artist(options["artist"])
            rules = rules.filter(artist__slug=options["artist"]) | rules.filter(artist__isnull=True)
        rows = [
            {
                "id": str(rule.id),
                "artist": rule.artist.slug if rule.artist else None,
                "action": rule.action,
                "side": rule.side,
                "phrase": rule.phrase,
                "category": rule.category,
            }
            for rule in rules
        ]
        if options["as_json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(
                f"{row['id']}  {row['artist'] or 'global':<20}  {row['action']:<8}{row['side']:<8}{row['phrase']}"
            )

    def _remove(self, options: dict[str, Any]) -> None:
        rule = selectors.any_rule(_identity(options["id"]))
        if rule is None:
            raise CommandError(f"There is no rule with the id {options['id']}: `rule list` shows them.")
        if rule.retired_at is not None:
            raise CommandError(f"The rule {rule.id} is not in force any more.")
        services.retire_rule(rule, actor=ACTOR)
        self.stdout.write(f"removed {rule.id}")


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no rule's id: `rule list` shows them.") from error
