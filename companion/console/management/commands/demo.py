"""`manage.py demo`: the demo artist, her team and a fan, as `make run` seeds them. Can be repeated."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

import companion
from companion.console import seed
from companion.kernel.commands import ServiceCommand
from personas.contracts import PersonaSheet
from tenancy import services
from tenancy.models import Artist

ACTOR = "command:demo"
DATA = Path(companion.__file__).parent / "demo_data"
# Known to everybody who reads this file, so only for machines that nobody else can reach; production refuses it.
PASSWORD = "companion-demo-2026"  # noqa: S105 -- see above


class Command(ServiceCommand):
    help = "Seeds the demo artist with persona, moods, schedule, rules, corpus, a login for each role and a fan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the logins as JSON")
        parser.add_argument("--password", help="for every new login; production does not go without")

    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"] or PASSWORD
        if settings.PRODUCTION and not options["password"]:
            raise CommandError("The demo's passwords are public, so production wants others: give --password.")
        artist = self._artist()
        logins = seed.staff(artist, password, actor=ACTOR)
        fan = seed.fan(artist, password)
        if options["json"]:
            people = [{"role": login.role, "email": login.email, "password": login.password} for login in logins]
            answer = {"logins": people, "fan": {"email": fan.email, "password": fan.password}}
            self.stdout.write(json.dumps(answer))
            return
        for login in (*logins, fan):
            self.stdout.write(f"{login.role:10} {login.email:30} {login.password}")

    def _artist(self) -> Artist:
        """The demo artist with everything that is hers; what her team has changed since stays changed."""
        content = seed.read(DATA / "aria.json")
        fields = dict(content["artist"])
        slug = fields.pop("slug")
        artist = Artist.objects.filter(slug=slug).first() or services.create_artist(slug, fields, actor=ACTOR)
        seed.give_persona(artist, artist.name, PersonaSheet.from_json(content["persona"]), actor=ACTOR)
        seed.fill_timeline(artist.id, content["moods"], content["schedule"], ACTOR)
        seed.fill_rules(artist.id, content["rules"], ACTOR)
        seed.fill_corpus(artist.id, content["corpus"], ACTOR)
        return artist
