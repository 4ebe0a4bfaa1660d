"""The one family of errors. Each is a sentence for a person that says what to do; none is ever a stack trace."""


class Trouble(Exception):
    """Base of the family. `str(error)` is shown to people as it stands."""

    status = 500
    title = "Something went wrong"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


class Refused(Trouble):
    """The actor may not do this."""

    status = 403
    title = "Not allowed"


class NotFound(Trouble):
    """No such thing, or none that this actor may see."""

    status = 404
    title = "Not found"


class Invalid(Trouble):
    """What was given can't be used. `fields` maps a field's name to its own sentence."""

    status = 422
    title = "Please check this"

    def __init__(self, sentence: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = fields or {}


class Conflict(Trouble):
    """Somebody else was faster, or the thing is no longer in the state that this needs."""

    status = 409
    title = "This has changed meanwhile"


class Unavailable(Trouble):
    """Something outside of us does not answer now; trying again later may help."""

    status = 503
    title = "Not available right now"
