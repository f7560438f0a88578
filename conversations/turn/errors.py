"""What can go wrong inside a turn. None of these reaches a client as it is: the engine turns each into an ending."""


class LogAway(Exception):
    """Redis did not answer this once; trying again may help."""


class LogLost(Exception):
    """Redis did not answer for as long as a running turn waits."""


class Fenced(Exception):
    """Another process has taken this turn; nothing more may be written under our epoch."""


class StoreAway(Exception):
    """Postgres did not answer; trying again may help."""


class TextPaused(Exception):
    """A kill switch is on for this artist's text."""


class SwitchesUnknown(Exception):
    """The switches could not be read for 5 s; nothing may leave."""


class Interrupted(Exception):
    """The turn was asked to stop (TurnControl.interruption says why)."""


class ProviderKilled(Interrupted):
    """The provider that speaks was switched off; the persona goes on with a line of her own."""


class CutShort(Exception):
    """The upstream broke after the first token: no other provider may go on in its place."""


class HandedOver(Exception):
    """This process lets go of the turn without ending it."""
