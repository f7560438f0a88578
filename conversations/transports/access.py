"""From a login or a ticket to the Sender that the turn service takes."""

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError

from companion.kernel.errors import Sanctioned, Unauthenticated, Unavailable
from conversations.transports.tickets import Ticket
from conversations.turn.contracts import FanProfile
from conversations.turn.service import Sender
from tenancy.access import access_artist, access_fan
from tenancy.accounts import check_login
from tenancy.contracts import FanAccess, Login

access_artist_async = sync_to_async(access_artist)


@sync_to_async
def _access_of_login(login: Login, slug: str) -> FanAccess:
    """A ticket may be older than the end of its login."""
    check_login(login)
    return access_fan(login, slug)


def sender(access: FanAccess) -> Sender:
    """The fan as the turn service knows her."""
    person = access.person
    profile = FanProfile(person.name, person.country, person.language, person.time_zone)
    return Sender(access.artist, access.fan, profile, access.due, access.sanctioned)


def reader(access: FanAccess) -> Sender:
    """The same for sockets and resumes, which are closed to a sanctioned fan. Raises Sanctioned."""
    if access.sanctioned:
        raise Sanctioned
    return sender(access)


async def sender_for(slug: str, ticket: Ticket) -> Sender:
    """The fan whom a ticket speaks for, as things stand now. Raises CompanionError."""
    try:
        if ticket.slug != slug:
            await access_artist_async(slug)
            raise Unauthenticated
        access = await _access_of_login(Login(ticket.user, ticket.session), slug)
    except (OperationalError, InterfaceError) as away:
        raise Unavailable from away
    return reader(access)
