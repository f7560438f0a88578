"""Closes the sockets of logins that ended, of people who may no longer log in, and of fans under a sanction."""

from uuid import UUID

from companion.kernel.changes import ChangeFeed
from companion.kernel.postgres import Pool
from conversations.transports.hub import Hub, Socket

SANCTIONED = """
select id from tenancy_fan
where id = any(%s::uuid[]) and sanction <> 'none' and (sanction_until is null or sanction_until > now())
"""


class Revocations:
    """The rows behind the topics are written by triggers, so no way of ending a login is forgotten."""

    def __init__(self, pool: Pool, hub: Hub) -> None:
        self._pool = pool
        self._hub = hub

    def subscribe(self, feed: ChangeFeed) -> None:
        feed.subscribe("sessions", self._sessions_ended)
        feed.subscribe("users", self._users_changed)
        feed.subscribe("fans", self._fans_changed)

    async def _sessions_ended(self, keys: set[str]) -> None:
        self._close([socket for socket in self._hub if socket.session in keys], "unauthenticated")

    async def _users_changed(self, keys: set[str]) -> None:
        """A password or the account's being active has changed: either way the login behind the socket is void."""
        self._close([socket for socket in self._hub if str(socket.user) in keys], "unauthenticated")

    async def _fans_changed(self, keys: set[str]) -> None:
        here = [socket for socket in self._hub if str(socket.fan) in keys]
        if not here:
            return
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(SANCTIONED, [list({socket.fan for socket in here})])).fetchall()
        sanctioned: set[UUID] = {row[0] for row in rows}
        self._close([socket for socket in here if socket.fan in sanctioned], "sanctioned")

    @staticmethod
    def _close(sockets: list[Socket], reason: str) -> None:
        for socket in sockets:
            socket.dismiss(4403, reason)
