"""What a subject line says besides its words: answers and forwards, and the subject without those marks."""

import re

# One to four letters or a known word, a counter such as [2] or (3), a colon (also the wide one).
REPLY = (
    "re|aw|antw|antwort|sv|vs|rv|res|odp|rif|r|ref|bls|atb|ynt|yan|cvp|ynt|اسا|رد|השב|תשובה|απ|σχετ|vá|na|ha|ad|"
    "回复|回覆|答复|答覆|返信|답장|회신|отв|ответ|відп|відповідь|re aw|betr|tr re|th|trả lời|bal|balas|nav|nuo|se"
)
FORWARD = (
    "fwd|fw|wg|weitergeleitet|tr|i|enc|rv|fs|pd|vb|doorst|doorgestuurd|vs|vl|videresendt|vidarebefordrat|iln|ilt|"
    "пересл|переслано|fwd fw|转发|轉寄|转寄|転送|전달|إعادة توجيه|הועבר|πρθ|továbbítás|tov|redir|přeposláno|preposlané|"
    "trs|ts|reenv|res env|encam|chuyển tiếp|teruskan|kb"
)
# "RV" (es), "VS" (fi), "I" and "R" (it), "TR" (fr) are ambiguous or short: only in capitals are they marks at all.
SHOUTED = frozenset(
    {"r", "i", "na", "ha", "th", "se", "ad", "nav", "bal", "ref", "tov", "ts", "nuo", "vl", "pd", "kb", "res"}
)
FORWARD_WORDS = frozenset(FORWARD.split("|")) - {"vs", "rv"}
MARKS = "|".join(sorted(f"{REPLY}|{FORWARD}".split("|"), key=len, reverse=True))
MARK = re.compile(
    rf"^\s*(?:\[[^\[\]]{{0,40}}\]\s*)?(?P<mark>{MARKS})"
    r"\s?(?:[\[(]\d{1,3}[\])]|\*\d{1,3})?\s?[:：]\s*",
    re.IGNORECASE,
)
MOST_MARKS = 50


def bare_subject(subject: str) -> str:
    """`AW: Re[2]: WG: Invoice` → `Invoice`. Words such as `Regarding:` or `Area: Re` are left alone."""
    rest = subject.strip()
    for _ in range(MOST_MARKS):
        mark = read_mark(rest)
        if mark is None:
            break
        rest = rest[mark.end() :]
    return rest.strip() or subject.strip()


def is_forward(subject: str) -> bool:
    """Whether the newest mark of the subject is a forward (`Fwd: Re: …`, not `Re: Fwd: …`)."""
    mark = read_mark(subject)
    return mark is not None and mark["mark"].lower() in FORWARD_WORDS


def is_reply(subject: str) -> bool:
    mark = read_mark(subject)
    return mark is not None and mark["mark"].lower() not in FORWARD_WORDS


def read_mark(subject: str) -> re.Match[str] | None:
    mark = MARK.match(subject)
    if mark is None or (mark["mark"].lower() in SHOUTED and not mark["mark"].isupper()):
        return None
    return mark
