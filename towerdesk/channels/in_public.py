"""What holds wherever everybody reads the answer."""

from towerdesk.channels.contract import Lately, Outgoing, Terms

PEOPLE_ONLY = "In public only people answer: nothing leaves by itself."


def terms(lately: Lately, what: str) -> Terms:
    """`what` they would read, such as "a public comment"."""
    return Terms(f"Everybody reads this answer: it is {what}.", link=lately.link)


def against(outgoing: Outgoing, what: str) -> str:
    """Why it can't leave, in one sentence, or nothing. What nobody looked at could tell the world what concerns one person."""
    if outgoing.automatic:
        return PEOPLE_ONLY
    return f"{what[0].upper()}{what[1:]} carries no files from here: leave them out." if outgoing.files else ""
