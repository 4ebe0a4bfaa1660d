"""The kinds of gaps: what the tickets of one have in common, and what can be drafted for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`drafts`: article, procedure, or nothing, which `instead` then explains."""

    title: str
    drafts: str = ""
    instead: str = ""


WORDS = "words"
KINDS = {
    WORDS: Kind("Like requests without an answer", "article"),
    # A procedure's run came to a person. `about`: {slot} or {when, why}, {step}, and {refused} values.
    "slot": Kind("It did not understand what they said", "procedure"),
    "value": Kind("What they said led nowhere", "procedure"),
    "guard": Kind("A rule of the procedure did not hold", "procedure"),
    "yes": Kind(
        "It got no plain yes or no",
        instead="What a yes is, is the same for all procedures. If the question itself is unclear, change its “Confirm” line.",
    ),
    "tool": Kind(
        "Another system did not do it",
        instead="No wording of the procedure changes that: look at the calls under Settings → Connections.",
    ),
    "unsure": Kind(
        "It was not sure that this is what they want",
        instead="The procedure was never begun. More examples on the intent's page make it surer.",
    ),
    "sender": Kind(
        "Nobody vouches for who wrote",
        instead="Accounts are shown and changed only for a proven sender: that is meant so.",
    ),
    "other": Kind(
        "Something in the message wants a person",
        instead="It is handed over whatever the procedure says: that is meant so.",
    ),
    # No procedure was begun, and people did the same each time. `about`: {deeds, titles}.
    "intent": Kind("People begin this procedure by hand", "procedure"),
    "deeds": Kind("People did the same each time", "procedure"),
}
