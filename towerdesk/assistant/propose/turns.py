"""Small words that turn what a sentence says: denials, duties and leave, limits, exceptions, how often, before and after.

A sentence and its source must turn the same way. Longer expressions are read first, so that `no more than` is a limit
and not a denial, and `at no cost` is no denial either.
"""

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

_TURNS: dict[str, tuple[str, ...]] = {
    "free": ("free of charge", "at no cost", "at no charge", "no charge", "no cost", "for free", "free", "kostenlos",
             "kostenfrei", "gratuitement", "gratuite?s?", "sin coste", "sin costo", "gratis", "gratuitos?", "gratuitas?"),
    "at most": ("no more than", "not more than", "no later than", "up to", "at most", "a maximum of", "maximum", "max",
                "höchstens", "bis zu", "au plus", "au maximum", "jusqu'à", "como máximo", "hasta"),
    "at least": ("no less than", "not less than", "no fewer than", "at least", "a minimum of", "minimum", "or more",
                 "mindestens", "wenigstens", "au moins", "au minimum", "al menos", "como mínimo",
                 r"from(?= (?:€ ?|\$ ?|£ ?)?\d)", r"ab(?= (?:€ ?)?\d)", r"à partir de", r"a partir de"),
    "more than": ("more than", "greater than", "over", "above", "exceeds?", "mehr als", "über", "plus de", "más de"),
    "less than": ("less than", "fewer than", "below", "under", "weniger als", "unter", "moins de", "menos de"),
    "only": ("only", "solely", "exclusively", "nothing but", "nur", "ausschließlich", "seulement", "uniquement",
             r"sólo", "solo(?! 2)", "solamente", "únicamente"),
    "except": ("except for", "except", "unless", "apart from", "other than", "excluding", "with the exception of", "außer",
               "es sei denn", "ausgenommen", "sauf", "excepté", "à moins que", "excepto", "salvo", "a menos que"),
    "if": ("if", "in case", "provided", "as long as", "when", "whenever", "wenn", "falls", "sofern", "solange", "quand",
           "lorsque", "si", "cuando"),
    "before": ("before", "prior to", "bevor", "vor", "avant", "antes de"),
    "after": ("after", "following", "once", "nachdem", "nach(?= (?:der|dem|den|\\d|ihre))", "après", "después de", "tras"),
    "within": ("within", "innerhalb", "binnen", "dans un délai de", "dentro de", "en un plazo de"),
    "must": ("must", "have to", "has to", "need to", "needs to", "required to", "is required", "are required", "required",
             "necessary", "obliged to", "mandatory", "müssen", "muss", "dois", "doit", "doivent", "devez", "obligatoire",
             "debe", "deben", "obligatorio", "tiene que"),
    "should": ("should", "ought to", "recommended", "we recommend", "sollten", "sollte", "devriez", "debería"),
    "may": ("are able to", "is able to", "able to", "it is possible to", "is possible", "are possible", "possible",
            "allowed to", "are allowed", "is allowed", "allowed", "permitted", "may", "can", "could", "might", "können",
            "kann", "dürfen", "darf", "möglich", "pouvez", "peut", "peuvent", "possible", "puede", "pueden", "posible"),
    "rarely": ("rarely", "seldom", "hardly", "barely", "selten", "kaum", "rarement", "raramente", "rara vez"),
    "usually": ("usually", "normally", "typically", "generally", "often", "mostly", "in most cases", "as a rule",
                "meistens", "normalerweise", "in der regel", "généralement", "souvent", "normalmente", "generalmente"),
    "always": ("always", "in every case", "immer", "stets", "toujours", "siempre"),
    "sometimes": ("sometimes", "occasionally", "manchmal", "parfois", "a veces"),
    "about": ("about", "around", "approximately", "roughly", "nearly", "almost", "ca\\.", "etwa", "ungefähr", "environ",
              "aproximadamente", "unos"),
    "every": ("every", "each", "all", "any", "jede[rnms]?", "alle", "allen", "chaque", "tous", "toutes", "cada", "todos",
              "todas"),
    "some": ("some", "certain", "einige", "manche", "certains", "certaines", "algunos", "algunas"),
    "most": ("most", "die meisten", "la plupart", "la mayoría"),
    "both": ("both", "beide[nr]?", "les deux", "ambos", "ambas"),
    "one of": ("one of", "either", "eine[rsm]? der", "l'une? des", "uno de", "una de"),
    "twice": ("twice", "double", "doppelt", "zweimal", "deux fois", "doble", "dos veces"),
    "half": ("half", "halve", "halves", "halb", "hälfte", "moitié", "mitad"),
    "not": ("cannot", "can not", r"\w+n't", r"\w+n’t", "not", "no longer", "no", "never", "neither", "nor", "none", "nobody",
            "nothing", "nowhere", "without", "unable to", "unable", "impossible", "fails? to", "nicht", "kein\\w*", "nie",
            "niemals", "ohne", "weder", "nichts", "ne", "n'(?=[aeiouéêh])", "jamais", "sans", "aucune?", "ningun\\w*",
            "nunca", "jamás", "sin", "tampoco"),
    "fewer words": ("pas", "rien"),
}  # fmt: skip
SINCE = re.compile(
    r"\b((?:within|innerhalb|up to|maximum of|no later than)\b[^,.;]{0,24}?(?:days?|weeks?|months?|hours?|years?)) "
    r"(?:after|from|of)\b",
    re.IGNORECASE,
)
"""`within 30 days after delivery` and `of delivery` are one."""
_MODAL_TOO = re.compile(r"^(?:cannot|can not|can['’]t|couldn['’]t|mustn['’]t|unable|impossible)", re.IGNORECASE)
_STRONG = {"mustn't": "must", "mustn’t": "must"}

_PATTERNS = [
    (turn, re.compile(rf"(?<![\w’'-])(?:{'|'.join(sorted(words, key=len, reverse=True))})(?![\w’'-])", re.IGNORECASE))
    for turn, words in _TURNS.items()
]
OPPOSITES = [
    tuple(pair.split("/"))
    for pair in (
        "open/close", "opened/closed", "opened/unopened", "lock/unlock", "enable/disable", "enabled/disabled",
        "increase/decrease", "before/after", "above/below", "over/under", "left/right", "on/off", "top/bottom",
        "first/last", "first/second", "second/third", "morning/evening", "hot/cold", "warm/cold", "soft/hard",
        "same/next", "same/different", "longer/shorter", "higher/lower", "larger/smaller", "faster/slower",
        "public/private", "add/remove", "start/stop", "begin/end", "begins/ends", "up/down", "empty/full",
        "empty/fill", "buy/sell", "wet/dry", "new/old", "accept/reject", "include/exclude", "included/excluded",
        "more/less", "internal/external", "sender/recipient", "credit/debit", "minimum/maximum", "earlier/later",
        "early/late", "success/failure", "press/release", "push/pull", "inside/outside", "upgrade/downgrade",
        "sign in/sign out", "log in/log out", "possible/impossible", "valid/invalid", "paid/unpaid", "read/write",
        "import/export", "win/lose", "links/rechts", "öffnen/schließen", "ein/aus", "erste/letzte", "gauche/droite",
        "ouvrir/fermer", "abrir/cerrar", "izquierda/derecha", "weekly/monthly", "daily/weekly", "monthly/yearly",
        "daily/monthly", "increases/decreases", "card/bank", "customer/seller", "bigger/smaller", "heavier/lighter",
        "coarser/finer", "thicker/thinner",
    )
]  # fmt: skip
_WORD = re.compile(r"[\w’'-]+")


@lru_cache(maxsize=4096)
def turns_of(text: str) -> "Counter[str]":
    """How often each turn is taken; `cannot` is a denial and a leave at once."""
    found: Counter[str] = Counter()
    rest = SINCE.sub(r"\1 of", text)
    for turn, pattern in _PATTERNS:
        for match in pattern.finditer(rest):
            found[turn] += 1
            if turn == "not" and _MODAL_TOO.match(match.group()):
                found[_STRONG.get(match.group().lower(), "may")] += 1
        rest = pattern.sub(lambda match: " " * len(match.group()), rest)
    if found.pop("fewer words", 0) and not found["not"]:
        found["not"] = 1
    return +found


def opposite(said: str, source: str) -> str:
    """Where one says the opposite of a word in the other, or empty: `open` against `close`, `paid` against `unpaid`."""
    here, there = _counts(said), _counts(source)
    for this, that in _both_ways():
        if here[this] > there[this] and here[that] < there[that]:
            return f"“{this}” instead of “{that}”"
    for word in here.keys() - there.keys():
        for prefix in ("un", "in", "non", "dis", "im"):
            other = word.removeprefix(prefix).strip("-") if word.startswith(prefix) else prefix + word
            if other in there and other not in here and min(len(word), len(other)) > 3:
                return f"“{word}” instead of “{other}”"
    return ""


@lru_cache(maxsize=1)
def _both_ways() -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for pair in OPPOSITES for one, other in (pair, pair[::-1]))


@lru_cache(maxsize=4096)
def _counts(text: str) -> "Counter[str]":
    words = [word.strip("'’-") for word in _WORD.findall(text.lower())]
    return Counter([*words, *(f"{one} {other}" for one, other in pairwise(words))])
