"""The buttons of the release gate: each is one POST to the version's page that names its step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from companion.kernel.errors import CompanionError, Conflict, ValidationFailed
from companion.kernel.ids import id_of
from personas.models import PersonaVersion
from personas.release import services
from personas.release.contracts import State
from tenancy.console.access import Access, access_of
from tenancy.roles import Capability


@dataclass(frozen=True, slots=True)
class Step:
    """`take` calls the service and answers what to tell afterwards."""

    need: Capability
    take: Callable[[Access, PersonaVersion, QueryDict], str]


def take_step(request: HttpRequest, version: PersonaVersion) -> HttpResponse:
    """Takes the step that the form names; refusals are told in words. Raises PermissionDenied."""
    step, access = STEPS.get(request.POST.get("step", "")), access_of(request)
    if step is None or not access.allows(step.need):
        raise PermissionDenied
    try:
        told = step.take(access, version, request.POST)
    except CompanionError as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, told)
    return HttpResponseRedirect(request.path)


def _checks(access: Access, version: PersonaVersion, _form: QueryDict) -> str:
    services.request_checks(access.artist, version.pk, actor=access.actor)
    return f"The checks of {version} are on their way."


def _approve(access: Access, version: PersonaVersion, form: QueryDict) -> str:
    run = id_of(form.get("run", ""))
    state = services.approve(access.artist, version.pk, actor=access.actor, run=run, seen=_seen(form))
    if state is State.APPROVED:
        return f"You are the second one to approve {version}: it may be tried out now."
    return f"You have approved {version}. One more person has to."


def _reject(access: Access, version: PersonaVersion, form: QueryDict) -> str:
    services.reject(access.artist, version.pk, actor=access.actor, reason=form.get("reason", ""))
    return f"You have rejected {version}. Changes go into a new version."


def _try_out(access: Access, version: PersonaVersion, form: QueryDict) -> str:
    share = _percent(form)
    services.try_out(access.artist, version.pk, share, actor=access.actor, seen=_seen(form))
    return f"{share} percent of the fans hear {version} from their next reply on."


def _stop(access: Access, version: PersonaVersion, _form: QueryDict) -> str:
    services.stop_trial(access.artist, version.pk, actor=access.actor)
    return "The trial is over: every fan hears the live version again."


def _go_live(access: Access, version: PersonaVersion, form: QueryDict) -> str:
    services.go_live(access.artist, version.pk, actor=access.actor, seen=_seen(form))
    return f"She speaks from {version} now."


def _roll_back(access: Access, version: PersonaVersion, form: QueryDict) -> str:
    services.roll_back(access.artist, version.pk, actor=access.actor, seen=_seen(form))
    return f"She speaks from {version} again."


STEPS: Mapping[str, Step] = {
    "checks": Step(Capability.EDIT_PERSONA, _checks),
    "approve": Step(Capability.APPROVE_PERSONA, _approve),
    "reject": Step(Capability.APPROVE_PERSONA, _reject),
    "try": Step(Capability.RELEASE_PERSONA, _try_out),
    "stop": Step(Capability.RELEASE_PERSONA, _stop),
    "live": Step(Capability.RELEASE_PERSONA, _go_live),
    "back": Step(Capability.RELEASE_PERSONA, _roll_back),
}


def _seen(form: QueryDict) -> int | None:
    """The number of the version that spoke on the page; "none" where nothing did."""
    seen = form.get("seen", "")
    if seen == "none":
        return None
    if not seen.isdecimal() or len(seen) > 9:
        raise Conflict("This page does not say what spoke when it was opened: load it again. Nothing was changed.")
    return int(seen)


def _percent(form: QueryDict) -> int:
    share = form.get("share", "")
    if not share.isdecimal() or len(share) > 3:
        raise ValidationFailed("Say how many percent of the fans, as a whole number.")
    return int(share)
