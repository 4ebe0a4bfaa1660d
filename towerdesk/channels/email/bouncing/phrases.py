"""What mail servers say, and which reason it means. The first line of the table that fits decides, so order counts.

All lower case. A phrase with `*` stands for up to 60 characters in between.
"""

import re

PHRASES: tuple[tuple[str, str], ...] = (
    # Sentences that hold the words of several reasons come first.
    ("unknown_host", """the account or domain may not exist|recipient address rejected: domain not found"""),
    ("unknown_user", """recipient address rejected: access denied|not listed in|double-checking the recipient|
        email account that you tried to reach does not exist|invalid final delivery userid"""),
    ("mailbox_full", """mailbox full|mailbox is full|mailbox * is full|mailbox for * is full|mailbox size limit|
        over quota|overquota|quota exceeded|exceeded quota|exceeds quota|exceed quota|quota violation|
        over the maximum allowed|out of storage|exceeded storage allocation|exceeded * storage|storage limit|
        insufficient disk|not enough storage|mailbox exceeded|mailbox has exceeded|mailbox quota|quota full|
        disk full|disk quota|disc quota|over disk quota|account is over|inbox is full|inbox full|
        mailfolder is full|mail folder is full|user has too many messages|in recipient's mailbox exceeded|
        would exceed mailbox|size of the mailbox|no space left|maildrop full|user is over the quota|
        is over its quota|exceeded his/her quota|exceeded its quota|exceeded allocated|
        boîte aux lettres * pleine|boîte * pleine|quota dépassé|postfach * voll|postfach ist voll|
        mailbox ist voll|speicherplatz erschöpft|buzón * lleno|buzón lleno|casella * piena|caixa * cheia|
        mailbox vol|postvak vol|skrzynka * pełna|ящик переполнен|переполнен|メールボックス*いっぱい|容量*超|
        邮箱已满|郵箱已滿|메일함*가득|dépassé son quota|recipient storage full|mailbox_full|mailboxfull|
        local limit"""),
    ("too_large", """message too large|message is too large|message size exceeds|size exceeds|
        exceeds size limit|exceeds maximum size|message size limit|exceeds the maximum|too big|
        message file too big|maximum message size|max message size|message length exceeds|
        exceeded maximum inbound message size|larger than the limit|line limit exceeded|nachricht ist zu groß|
        zu groß|message trop volumineux|trop grand|demasiado grande|troppo grande|too large|サイズ*超|大きすぎ"""),
    ("unauthenticated", """spf check failed|spf fail|spf record|fails spf|failed spf|spf validation|spf:|
        spf (sender policy|spf unauthorized|dkim|dmarc|sender policy framework|unauthenticated email|
        unauthenticated mail|not authenticated|authentication check|authentication results|email authentication|
        domain authentication|sender id (pra)|does not pass authentication|authentication information|
        arc validation|openspf|no-spf|spf policy|spf-policy"""),
    ("moved", """user has moved|has moved to|address has changed|mailbox has moved|new address|
        user not local; please try|recipient has moved|is no longer at this address, please"""),
    ("disabled", """account * disabled|account disabled|account has been disabled|account is disabled|
        mailbox disabled|mailbox is disabled|mailbox * disabled|user is suspended|account suspended|
        account is suspended|account has been suspended|recipient is suspended|recipient suspended|
        user suspended|temporarily suspended|account inactive|inactive user|account is inactive|
        inactive account|mailbox is inactive|mailbox inactive|user is inactive|is inactive|
        account has been deactivated|deactivated mailbox|deactivated|mailbox unavailable or access denied|
        account is locked|account locked|locked account|mailbox locked|mailbox * locked|mailbox is frozen|
        mailbox * frozen|expired account|account expired|account has expired|blocked account|account blocked|
        account is blocked|administratively disabled|is currently disabled|
        email account that you tried to reach is disabled|disabled or discontinued|discontinued|
        mailbox has been suspended|domain is not active|not active|user's mailbox is suspended|
        this account is not allowed|konto * deaktiviert|konto ist gesperrt|compte désactivé|compte suspendu|
        cuenta deshabilitada|account disattivato|аккаунт заблокирован|停止中|利用停止|帐号已停用|账户*停用|
        user disabled"""),
    ("virus", """virus|malware|trojan|infected|worm/|phishing|dangerous attachment|infectée|вирус"""),
    ("blocked", """blacklist|black list|block list|blocklist|blocked using|rbl|dnsbl|spamhaus|spamcop|
        barracuda reputation|bad reputation|poor reputation|low reputation|reputation|reverse dns|
        reverse lookup|ptr record|rdns|no ptr|cannot find your hostname|cannot resolve your address|
        client host rejected|client host * blocked|your ip|ip address * blocked|your server * blocked|
        access denied * banned|banned sending ip|is banned|connections not accepted from|
        connection refused from|bad dns ptr|unresolvable hostname|dynamic ip|dynamic address|sender ip|
        connecting ip|originating ip|host blocked|is blocked by|has been blocked|ip blocked|
        not allowed to send mail from|service refused|mail from * not accepted from|hostname is blocked|
        all mail servers must have a ptr|domain does not exist:|invalid helo|helo command rejected|helo/ehlo|
        refused to talk to me|blocked for abuse|blocked by our|is listed|are listed|currently listed|listed by|
        listed at|listed on|access denied|connection dropped due to|access denied, traffic not accepted|bloqué|
        gesperrt wegen|connections will not be accepted|sender address * blocked|is in a black|unsolicited|
        poor sender|client * not authenticated to send|bulk-email|dialup|dynablock"""),
    ("too_fast", """too many connections|too many concurrent|too many messages|too many recipients|
        too many emails|too many sessions|rate limit|rate-limit|throttl|sending rate|exceeded the rate|
        exceeds the rate|too fast|temporarily deferred due to|receiving mail at a rate|
        receiving mail too quickly|too quickly|connection limit|connections limit|maximum number of|
        max connections|max number of|number of messages per|limit for the number|message frequency|
        quota of messages|excessive|hourly limit|daily limit|per hour|too much mail"""),
    ("spam", """spam|junk mail|unsolicited mail|bulk mail|content filter|looks like junk|
        message content rejected|message was rejected by * filter|suspicious content|considered as unsolicited|
        detected as|undesirable|high on spam|blocked by * filter|spamassassin|rejected by filter|ubl|
        url * blocked|offending url|message filtered|message scored too high|rejected due to content|scored|
        pourriel"""),
    ("relay", """relaying denied|relay denied|relay access denied|relay not permitted|relaying not allowed|
        relaying is prohibited|relaying prohibited|not permitted to relay|unable to relay|cannot relay|
        relay not allowed|relay is not|not a gateway|we do not relay|not relay|does not relay|mail relay|
        that domain isn't in my list of allowed|sorry, that domain isn't in my list|insecure mail relay|
        no relay|authentication required|send from this server requires|smtp auth required|must authenticate|
        relais"""),
    ("unknown_host", """host unknown|unknown host|host not found|host or domain name not found|domain not found|
        domain does not exist|domain doesn't exist|no such domain|name service error|unknown domain|
        unrouteable domain|unroutable domain|unrouteable mail domain|no mx|mx record|mx points|null mx|nullmx|
        does not accept mail|doesn't accept mail|not accept any mail|does not receive mail|
        couldn't find any host|could not find any host|all relevant mx records point to non-existent|
        no route to domain|dns error|nxdomain|illegal host|recipient address rejected: domain|domain must exist|
        unable to resolve|cannot find a * mail exchanger|lookup failed|no such host|bad destination host|
        no valid hosts|domain name not found|domain of sender|domain is not reachable|name or service not known|
        unable to find mx|invalid domain|is not a valid domain|no existe el dominio|domain unbekannt|
        domaine inconnu|домен не|couldn't find the domain|could not be found. check"""),
    ("unknown_user", """user unknown|unknown user|no such user|user not found|unknown recipient|
        recipient unknown|no mailbox here|mailbox unavailable|mailbox not found|mailbox unknown|
        mailbox does not exist|mailbox doesn't exist|no such mailbox|invalid recipient|invalid mailbox|
        invalid user|invalid address|invalid local|bad recipient|bad mailbox|not a valid|no such address|
        address unknown|unknown address|unknown local|unknown mailbox|unknown virtual|unknown account|
        address not found|user does not exist|user doesn't exist|does not exist|doesn't exist|account does not|
        recipient address rejected: user|recipient address rejected: undeliverable|
        recipient address rejected: unknown|recipient address rejected|recipient not found|
        recipient * not found|not our customer|no account|is unknown|is not known|not known here|
        unrouteable address|unroutable address|address does not|address rejected|not found in|no mail box|
        no valid recipient|no valid recipients|recipient rejected|recipient invalid|not recognized|
        not recognised|isn't a valid|is not a valid|invalid email|unable to find|unable to deliver to|no user|
        not exist|user * not exist|couldn't be found|could not be found|wasn't found|was not found|
        no longer valid|no longer available|no longer exists|not have an account|doesn't have a|does not have a|
        no recipient|mailbox is unavailable|unavailable mailbox|undeliverable address|user unavailable|
        unavailable user|who are you|not a known|not deliverable|delivery failed: user|user invalid|
        non-existent|nonexistent|no local mailbox|no one by that name|addressee unknown|dosn't exist|ambiguous|
        this user doesn't|name is not recognized|unbekannt|nicht gefunden|existiert nicht|inconnu|n'existe pas|
        introuvable|desconocid|no existe|sconosciut|inesistente|non esiste|desconhecid|inexistente|não existe|
        onbekend|bestaat niet|nieznan|nie istnieje|не найден|не существует|неизвестн|neexistuje|neznám|okänd|
        finns inte|ukendt|findes ikke|ukjent|tuntematon|bulunamadı|geçersiz|宛先*見つかり|存在しません|
        見つかりません|不存在|无此用户|查無|존재하지|없는 사용자|غير موجود|לא קיים|δεν υπάρχει|ismeretlen|
        nem létez|inexistent|could not be delivered to mobile"""),
    ("expired", """delivery time expired|message expired|delivery expired|retry timeout exceeded|
        has been in the queue too long|in the queue too long|message timed out|retry time not reached|
        delivery temporarily suspended|too old|could not be sent for|could not be delivered for|
        could not deliver for|not been delivered within|delivery attempts|giving up|queue time|maximum retry|
        maximum time|delayed|still trying|will keep trying|will continue to try|warning: message|
        not yet been delivered|not been delivered yet|delivery incomplete|exceeded * time|undeliverable for|
        unable to deliver this message after|has been queued for|expired|in queue too long|connection timed out|
        timed out|timeout|time out|verzögert|retardé|retrasad|ritardat|delivery of your message is delayed|
        4 hours|temporarily unable"""),
    ("network", """connection refused|connection reset|connection closed|no route to host|
        network is unreachable|network unreachable|network error|host is down|host down|could not connect|
        couldn't connect|unable to connect|cannot connect|can't connect|failed to connect|connection failed|
        connection lost|lost connection|connection was|connection to|mail loop|mail is looping|looping|
        loop detected|loops back|too many hops|hop count|mail forwarding loop|no smtp connection|bad connection|
        read error|broken pipe|unreachable|not responding|did not respond|temporary dns|dns lookup|name server|
        wasn't able to establish an smtp connection|no connection|tls required|tls is required|starttls|
        handshake|temporary lookup failure|dns"""),
    ("content", """content rejected|message content|bad content|attachment|mime|invalid header|header|not rfc|
        rfc 5322|rfc 2822|non-rfc|8bit|8-bit|line too long|message format|malformed|invalid message|base64|
        charset|multiple from"""),
    ("refused", """sender address rejected|sender rejected|sender refused|sender denied|sender domain|
        sender address|sender verify|sender not|from address|mail from|return path|envelope sender|
        invalid sender|bad sender|sender unknown|verify sender|callout|not allowed to send|only accepts|
        only accept|rejected by recipient|rejected by the recipient|refused by recipient|user refuses|
        recipient refuses|not authorized|not authorised|unauthorized|restricted|not permitted|permission|
        access forbidden|closed"""),
    ("policy", """policy|policies|policyviolation|prohibited|not allowed|administrative|administrator|security|
        denied|violation|rejected for|compliance|greylist|graylist|gray-list|grey-list|rule|forbidden|disallowed"""),
    ("syntax", """syntax error|command not|unrecognized command|unimplemented|bad sequence|not implemented|
        protocol error|bad command|unexpected|need rcpt|need mail|need fully-qualified|must issue|
        invalid parameter|domain required"""),
    ("system", """system error|local error|internal error|configuration error|local configuration|misconfig|
        temporary local problem|local problem|service unavailable|service not available|server error|
        out of memory|temporarily unavailable|try again|system not|insufficient system|insufficient|resources|
        i/o error|can't create|cannot create|can't open|cannot open|command died|unknown mailer error|
        mailer error|exec|exit|failed with|error writing|pipe|procmail|maildrop|unable to write|server busy|
        server is busy|bad file|database|temporary|transaction failed|error in processing|processing error|
        unable to process|system"""),
)  # fmt: skip


def compiled(phrases: str) -> re.Pattern[str]:
    found = [" ".join(part.split()) for part in phrases.split("|") if part.strip()]
    return re.compile("|".join(pattern(part) for part in sorted(found, key=len, reverse=True)))


def pattern(phrase: str) -> str:
    """Whole words where letters have gaps between them; short ones such as `rbl` also end where they end."""
    found = re.escape(phrase).replace(r"\*", r".{0,60}?")
    spaced = phrase[0].isascii() and phrase[0].isalnum()
    return (r"\b" if spaced else "") + found + (r"\b" if spaced and len(phrase) <= 5 else "")


NO_SUCH_DOMAIN = re.compile(
    r"(?<![@\w.-])[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){1,6} (?:does not exist|not found|is unknown)"
)
TABLE = (("unknown_host", NO_SUCH_DOMAIN), *((reason, compiled(phrases)) for reason, phrases in PHRASES))

# Sentences and subjects with which a mail says that it is a notice of failure.
FAILURE = compiled("""undeliverable|undelivered|not delivered|was not delivered|not be delivered|
    could not deliver|couldn't deliver|cannot deliver|can't deliver|unable to deliver|not able to deliver|
    wasn't able to deliver|delivery failure|delivery failed|delivery has failed|delivery status notification|
    failure notice|returned mail|mail delivery failed|returning message to sender|failed to deliver|
    message delivery|mail failure|mail delivery|delivery notification|delivery problem|had delivery|
    permanent fatal errors|permanent error|fatal errors|did not reach|not reach the following|could not be sent|
    couldn't be sent|could not send|error sending your mail|trouble delivering|message you sent|
    returned to sender|return to sender|returned to you|undeliver|non-delivery|nondelivery|
    rejected your message|your message was rejected|message was rejected|bounce|message not sent|mail could not|
    message could not|delivery error|delivery incomplete|delivery delayed|delivery delay|warning: message|
    delayed mail|the following address|following recipient|unzustellbar|nicht zugestellt|
    zustellung fehlgeschlagen|zustellfehler|konnte nicht|non remis|échec de la remise|n'a pas pu être|
    non distribu|échec de|retour de courrier|no se pudo entregar|no se ha podido|no entregado|devuelto|
    error de entrega|impossibile recapitare|mancata consegna|non recapitat|mancato recapito|não pôde ser|
    não entregue|falha na entrega|devolvid|niet worden bezorgd|niet bezorgd|onbestelbaar|nie dostarczono|
    nie można dostarczyć|niedostarczo|не доставлено|не удалось доставить|недоставленное|не може бути доставлено|
    nelze doručit|nedoručit|kunde inte levereras|kunne ikke leveres|ikke leveret|ei voitu toimittaa|
    toimitus epäonnistui|teslim edilemedi|配信不能|配信でき|送信できません|送信出来|配達でき|届けられません|
    送れません|届きません|配信に失敗|不达|退信|无法投递|投递失败|退回|无法送达|無法傳遞|未送達|전송 실패|
    배달 실패|반송|تعذر تسليم|לא נמסרה|kézbesíthetetlen|nem kézbesíthető|nu a putut fi livrat|送信されたメール|
    mail failed|returning to sender|error message below""")
DELAYED = compiled("""still trying|will keep trying|will continue to try|will be retried|no action is required|
    delivery delayed|delivery delay|not yet been delivered|is delayed|was delayed|delayed mail|
    warning message only|retried for|delivery incomplete|do not need to resend|not need to resend|(delay)|
    message delayed|next attempt|will retry|keep trying""")
