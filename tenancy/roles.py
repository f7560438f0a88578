"""What each staff role may do. The console asks here and nowhere else."""

from enum import StrEnum

from tenancy.models import StaffRole


class Capability(StrEnum):
    """A thing that a member of staff may do with one artist's data (design/console, "who")."""

    READ_PERSONA = "read_persona"
    EDIT_PERSONA = "edit_persona"
    APPROVE_PERSONA = "approve_persona"
    RELEASE_PERSONA = "release_persona"
    READ_CONVERSATIONS = "read_conversations"
    MODERATE = "moderate"
    MANAGE_FANS = "manage_fans"
    CONTROL = "control"
    READ_AUDIT = "read_audit"
    EXPORT_AUDIT = "export_audit"
    MANAGE_STAFF = "manage_staff"


_VIEWER = frozenset({Capability.READ_PERSONA, Capability.READ_AUDIT})
_MODERATOR = _VIEWER | {Capability.READ_CONVERSATIONS, Capability.MODERATE}
# An editor approves what another one wrote: nobody approves her own (personas/release).
_EDITOR = _VIEWER | {Capability.EDIT_PERSONA, Capability.APPROVE_PERSONA}
_MANAGER = _MODERATOR | _EDITOR | {Capability.MANAGE_FANS, Capability.CONTROL, Capability.RELEASE_PERSONA}

CAPABILITIES: dict[str, frozenset[Capability]] = {
    StaffRole.Role.VIEWER: _VIEWER,
    StaffRole.Role.MODERATOR: _MODERATOR,
    StaffRole.Role.EDITOR: _EDITOR,
    StaffRole.Role.MANAGER: _MANAGER,
    StaffRole.Role.OWNER: _MANAGER | {Capability.MANAGE_STAFF, Capability.EXPORT_AUDIT},
}


def allows(role: str | None, capability: Capability) -> bool:
    """Whether a role (None: no role with this artist) has the capability."""
    return capability in CAPABILITIES.get(role or "", frozenset())
