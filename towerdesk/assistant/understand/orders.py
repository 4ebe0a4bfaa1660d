"""Words that try to command the assistant, to pass for somebody, or to get at somebody else's data.

Finding them protects nothing: a message is data whatever it says. They only bring a person to the ticket.
"""

import re

from towerdesk.lib.folded import hides, layers

_FORGET = (
    r"(?:ignore|disregard|forget|override|bypass|skip|ignorier\w*|vergiss|vergessen sie|missachte\w*|ignorez|oubliez|oublie|"
    r"ignora|olvida|ignoren?|olvide|negeer|vergeet|dimentica|zignoruj|esqueca)"
)
_RULES = (
    r"(?:instructions?|rules?|prompts?|guidelines?|policy|policies|anweisung\w*|regeln?|vorgaben|consignes?|regles?|"
    r"instrucciones|reglas|instructies|regels|istruzioni|regole|instrukcj\w*|instrucoes|above|previous)"
)
_ORDERS = (  # each branch begins at a word: so a search looks at the beginnings of words alone, six times as fast
    rf"\b{_FORGET}\b(?: \w+){{0,5}}? {_RULES}\b",
    r"\byou are (?:now|no longer) |\bfrom now on,? you\b|\bnew (?:system )?(?:instructions?|rules)\b",
    r"\bdu bist (?:jetzt|ab sofort) |\btu es maintenant\b|\bahora eres\b|\bje bent nu\b",
    r"\bsystem ?(?:prompt|message|override|note)\b|\bdeveloper (?:mode|message)\b|\badmin(?:istrator)? mode\b",
    r"\bjailbreak\b|\bdan mode\b|\bdo anything now\b|\bas an ai\b|\bpretend (?:to be|that you|you)\b|\brole ?play\b",
    r"\b(?:act|behave|respond|pretend)(?: \w+)? as (?:if|an?|the) ",
    r"\brepeat (?:the|everything|all)(?: \w+){0,4} (?:above|prompt|instructions|verbatim)",
    r"\b(?:reveal|print|show|tell)(?: me)? (?:your|the)(?: \w+){0,3} (?:prompt|instructions|secret)",
    r"\btool[_ ](?:result|output|call|response)s? ?[:={]|\bfunction[_ ]call\b",
    r"\bend of (?:the )?(?:customer|user|message|mail|data|conversation)(?: \w+)? ?[.:>\-\]]",
    r"\bbegin (?:system|new|admin|assistant)\b",
    r"\bdrop table\b|\bunion select\b|\bor ['\"]?1['\"]? ?= ?['\"]?1",
    r"\b(?:execute|run|call|invoke|trigger) (?:the )?(?:\w+ ){0,3}(?:tool|function|command|procedure|query|sql|code|api)\b",
    # spoken to a machine
    r"\bthe (?:ai|bot|assistant|llm|model|chatbot) (?:must|should|will|has to)\b|\bto the (?:ai|assistant|language model)\b",
    r"\b(?:attention|note to|message (?:to|for)|hey|dear) (?:the )?(?:ai|assistant|bot|llm|chatbot|language model)\b",
    r"\b(?:set|raise|change|grant|upgrade)(?: \w+){0,3} (?:licen[cs]e|permission|privileges?|autonomy)\b",
    r"\bapprov(?:e|al)[_ -]?(?:token|code|id|key)\b|\bpre-?approved by\b|\balready (?:been )?approved\b",
    r"\bconfidential instructions\b|\byour (?:real|true|hidden) (?:purpose|task|goal)\b",
)
_MARKS = (  # of chats, tools and templates
    r"<\|?(?:im_start|im_end|system|endoftext|assistant|user)\|?>|\[/?inst\]|<</?sys>>|### ?(?:instruction|system|response)",
    r"<(?:tool|function)[_ ]?(?:result|call|response|output)|\"(?:role|tool)\" ?: ?\"",
    r"(?:^|[>\]] ?|[.!?] )(?:system|assistant|developer|tool|admin) ?: ",
    r"\{\{.{1,80}\}\}|\{%.{1,80}%\}|\$\{.{1,80}\}|<script\b",
)
ORDERS, MARKS = re.compile("|".join(_ORDERS)), re.compile("|".join(_MARKS))
_ROLES = (
    r"(?:admin\w*|owner|ceo|cto|cfo|manager|director|developer|supervisor|employee|colleague|police\w*|law enforcement|"
    r"lawyer|wife|husband|spouse|son|daughter|mother|father|secretary|from (?:the )?(?:support|it|security|billing|legal)|"
    r"geschaftsfuhrer\w*|administrateur|administrador|inhaber\w*|mitarbeiter\w*|polizei)"
)
_NEAR = r"(?:wife|husband|friend|neighbou?r|colleague|boss|client|mother|father|son|daughter|ex)"
_CLAIMS = (
    rf"\b(?:i am|i'm|im|this is|here is|ich bin|je suis|soy|ik ben) (?:\w+ ){{0,3}}?{_ROLES}\b",
    r"\bon behalf of\b|\bim (?:auftrag|namen) (?:von|der|des)\b|\bde la part de\b|\ben nombre de\b",
    r"\bi (?:work|am calling) (?:for|from) (?:your|the) (?:company|desk|support|bank)\b",
    rf"\bmy {_NEAR}(?:['’]?s)? (?:\w+ ){{0,2}}?(?:account|order|invoice|address|data|ticket|subscription|card|number)s?\b",
)
CLAIMS = re.compile("|".join(_CLAIMS))
_SENDS = (
    r"(?:send|forward|mail|give|tell|show|copy|cc|bcc|reply|answer|respond|change|update|set|transfer|schick\w*|sende\w*|"
    r"leite\w*|andere\w*|envoye[zr]?|envie|reenvie|cambie|transferez|stuur)"
)
_OTHERS = (
    rf"\b{_SENDS}\b[^.!?\n]{{0,120}}?[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    (
        r"\b(?:data|details|address|orders?|tickets?|invoices?|conversation|messages?|history|phone number|password|"
        r"information)s? "
        r"(?:of|for|from|about|belonging to) (?:customer|user|person|another|other|all|every|mr|mrs|ms|[\w.+-]+@)"
    ),
    (
        r"\b(?:all|every|other|another|list of|alle|die anderen|tous les|todos los) (?:the |your |my )?"
        r"(?:customers?|users?|kunden|clients|clientes)\b"
    ),
    r"\bcustomer (?:list|database|no\.? ?\d+|number \d+|id \d+)\b|\bsomeone else['’]?s\b",
)
OTHERS = re.compile("|".join(_OTHERS))


def why_watch_out(text: str) -> str:
    """A sentence for the person who looks, or nothing."""
    read = layers(text)
    if any(ORDERS.search(one) or MARKS.search(one) for one in read):
        return "The message tries to give the assistant orders"
    if hides(text):
        return "The message holds characters that nobody sees"
    if any(CLAIMS.search(one) for one in read[:2]):
        return "The writer speaks for somebody, and that is not proven"
    if any(OTHERS.search(one) for one in read[:2]):
        return "The message asks for somebody else's data, or to write to another address"
    return ""
