"""Conversations over REST. Sending a message and following a turn are in transports/http.py, on the same router: Django
Ninja finds the methods of a path only within one."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Status

from companion.kernel import limits
from companion.kernel.idempotency import once
from companion.kernel.ids import id_of
from companion.kernel.paging import Page
from conversations import selectors, services, tickets
from conversations.schemas import (
    FeedbackIn,
    FeedbackOut,
    MessagePage,
    ReportIn,
    ReportOut,
    SessionEndOut,
    TicketIn,
    TicketOut,
    WhyOut,
)
from conversations.transports import http
from tenancy.access import access_fan, access_socket, access_writer
from tenancy.accounts import bearer, login_of

router = http.router


@router.get(
    "/artists/{slug}/messages",
    operation_id="list_messages",
    response=MessagePage,
    auth=bearer,
    exclude_unset=True,
)
def list_messages(request: HttpRequest, slug: str, page: Page) -> Any:
    """What you and the persona have said, newest first. It stays readable while chatting is paused."""
    access = access_fan(login_of(request), slug)
    items, cursor = selectors.messages(artist=access.artist, fan=access.fan, before=page.before(), limit=page.limit)
    return {"items": items, "next_cursor": cursor}


@router.post("/artists/{slug}/sessions/end", operation_id="end_session", response={202: SessionEndOut}, auth=bearer)
def end_session(request: HttpRequest, slug: str) -> Any:
    """You leave; what waits for the end of a visit may begin."""
    access = access_writer(login_of(request), slug)
    limits.check(limits.WRITES, str(access.person.id))
    services.end_session(artist=access.artist, fan=access.fan)
    return Status(202, {"status": "accepted"})


@router.get("/artists/{slug}/messages/{message}/why", operation_id="explain_message", response=WhyOut, auth=bearer)
def explain_message(request: HttpRequest, slug: str, message: str) -> Any:
    """What a reply was built on."""
    access = access_fan(login_of(request), slug)
    return selectors.why(id_of(message), artist=access.artist, fan=access.fan)


@router.post(
    "/artists/{slug}/messages/{message}/report",
    operation_id="report_message",
    response={201: ReportOut},
    auth=bearer,
)
def report_message(
    request: HttpRequest,
    slug: str,
    message: str,
    body: ReportIn,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Any:
    """Tells the artist's team about a message that should not be."""
    access = access_writer(login_of(request), slug)
    reported = id_of(message)
    limits.check(limits.REPORTS, str(access.person.id))
    answer = once(
        idempotency_key,
        person=access.person.id,
        route=f"report:{access.artist}:{reported}",
        body=body.model_dump_json().encode(),
        work=lambda: services.report(
            reported, artist=access.artist, fan=access.fan, reason=body.reason, note=body.note
        ),
    )
    return Status(201, answer)


@router.post(
    "/artists/{slug}/messages/{message}/feedback",
    operation_id="give_feedback",
    response=FeedbackOut,
    auth=bearer,
)
def give_feedback(request: HttpRequest, slug: str, message: str, body: FeedbackIn) -> Any:
    """A thumb up or down; the last one counts."""
    access = access_writer(login_of(request), slug)
    limits.check(limits.WRITES, str(access.person.id))
    services.give_feedback(id_of(message), artist=access.artist, fan=access.fan, value=body.value)
    return {"value": body.value}


@router.post("/realtime/tickets", operation_id="create_ticket", response={201: TicketOut}, auth=bearer)
def create_ticket(request: HttpRequest, body: TicketIn) -> Any:
    """A ticket with which a socket to one artist can be opened, once, within 30 s."""
    login = login_of(request)
    access = access_socket(login, body.artist)
    limits.check(limits.TICKETS, str(access.person.id))
    ticket, expires_at = tickets.issue(login, access)
    return Status(201, {"ticket": ticket, "expires_at": expires_at})
