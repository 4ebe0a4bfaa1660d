"""What a person can be told of, and by which ways: the grid of the settings, with what holds until somebody chooses."""

from dataclasses import dataclass

WAYS = {"desk": "At the desk", "mail": "By mail", "hook": "Webhook", "digest": "Daily digest"}
OUTWARD = ("mail", "hook", "digest")
"""Ways that leave the desk in a post."""


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    means: str
    ways: tuple[str, ...] = ("desk", "mail")


KINDS = {
    "assigned": Kind("Given to me", "Somebody, a rule or routing made a ticket yours."),
    "offered": Kind("Offered to me", "Routing chose you and says why; it passes on when you do not accept in time."),
    "mentioned": Kind("Mentioned", "A colleague wrote @ and your name in a note."),
    "answered": Kind("The customer answered", "On a ticket that is yours or that you watch."),
    "near": Kind("A promise is about to break", "On a ticket of yours, or of your team when nobody has it."),
    "broken": Kind("A promise broke", "On a ticket of yours, or of your team when nobody has it."),
    "approval": Kind("My decision is asked", "The question itself comes by mail in any case.", ("desk",)),
    "team": Kind("Given to my team", "A ticket that nobody in the team has yet.", ("desk",)),
    "handed": Kind("Handed to me or my team", "Passed on or escalated: it waits until it is accepted or sent back."),
    "settled": Kind(
        "My handoff was answered", "It was accepted, or sent back with the reason; also when it is yours again."
    ),
    "stuck": Kind("My reply did not leave", "It failed, or nobody knows whether it left."),
    "licence": Kind(
        "A licence was taken back or runs out", "For leads: the assistant stops answering something alone."
    ),
    "told": Kind("Told by a colleague or a rule", "Somebody wanted you to know, in words of their own."),
}
OF_A_TEAM = ("team", "handed", "near", "broken", "told")
"""What a team's own webhook is told of."""
