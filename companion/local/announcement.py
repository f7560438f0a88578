"""What `make run` tells when it is ready: run.json for programs (contract.md, Operations), a table for people."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from companion.local.files import write_json
from companion.local.output import table


@dataclass(frozen=True)
class Announcement:
    """urls: by the keys of servers.json. logins: the answer of `manage.py demo --json`."""

    url: str
    urls: Mapping[str, str]
    logins: Mapping[str, Any]
    data: Path
    sends_mail: bool

    def write(self, pids: Mapping[str, int]) -> None:
        """Replaces run.json. The owner's address is the embedded superuser's, whom row security does not bind."""
        write_json(
            self.data / "run.json",
            {
                "url": self.url,
                "console_url": f"{self.url}/console/",
                "database_url": self.urls["database_url"],
                "database_owner_url": self.urls.get("database_superuser_url", self.urls["database_owner_url"]),
                "redis_url": self.urls["redis_url"],
                "python": sys.executable,
                "pids": dict(pids),
                "logins": self.logins["logins"],
                "fan": self.logins["fan"],
                "joined": True,
            },
        )

    def withdraw(self) -> None:
        (self.data / "run.json").unlink(missing_ok=True)

    def _mail(self) -> str:
        """Where e-mails go; nothing when a real server sends them (companion/settings.py, E-mail)."""
        return "" if self.sends_mail else f"  E-mails are written to {self.data / 'mail'}\n"

    def greeting(self) -> str:
        people = [{"role": "fan"} | self.logins["fan"], *self.logins["logins"]]
        rows = [[person["role"], person["email"], person["password"]] for person in people]
        return (
            f"\nVoice Companion is ready.\n\n  Fan app  {self.url}/\n  Console  {self.url}/console/\n\n"
            f"{table([['login', 'e-mail', 'password'], *rows])}\n\n{self._mail()}  Ctrl-C stops it. Data: {self.data}\n"
        )
