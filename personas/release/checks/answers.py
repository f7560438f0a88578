"""What only the answers to the golden prompts can tell."""

from collections.abc import Iterator

from personas.release.checks.base import Check, Subject
from personas.release.contracts import Evidence


def speaks(subject: Subject) -> Iterator[Evidence]:
    """An answer to everything, and not the same one to everything."""
    said = [exchange.draft.text for exchange in subject.exchanges]
    for exchange in subject.exchanges:
        if not exchange.draft.text.strip():
            yield Evidence(f"asked “{exchange.golden.asked}”", "", "no answer")
    most = max(set(said), key=said.count, default="")
    if len(said) > 3 and said.count(most) > len(said) / 2:
        yield Evidence("most golden prompts", most, f"the same answer {said.count(most)} times")


def pinned_model(subject: Subject) -> Iterator[Evidence]:
    """A pin that the provider does not know is answered by what stands in for it, in the voice of something else."""
    for exchange in subject.exchanges:
        if exchange.draft.model != subject.model:
            yield Evidence(
                f"asked “{exchange.golden.asked}”", exchange.draft.text, f"answered by {exchange.draft.model}"
            )


def no_pin(subject: Subject) -> str:
    if not subject.model:
        return "This version pins no model."
    return (
        "The offline provider has no models: it answers from the lines, whatever is pinned."
        if subject.ignores_model
        else ""
    )


ANSWERS = (
    Check("answers", "Answers everything", "Every golden prompt gets an answer of its own.", speaks),
    Check(
        "model",
        "The pinned model answers",
        "A model or adapter that the provider does not serve would leave every fan with the stand-in.",
        pinned_model,
        no_pin,
    ),
)
