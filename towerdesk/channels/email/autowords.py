"""Subjects of automatic answers, and names of senders that nobody reads. Lower case; a new language is a new phrase."""

# With a colon behind them these are written by machines only, so such a beginning is enough by itself.
SURE_SUBJECTS = tuple(
    phrase.strip()
    for phrase in """automatic reply|auto reply|autoreply|auto-reply|auto response|auto-response|autoresponse|
    autoresponder|automatic response|automated reply|automated response|out of office autoreply|
    out of office auto-reply|out of office reply|out of the office|out of office|vacation reply|
    vacation response|away from office|auto|automatische antwort|automatische rückmeldung|abwesenheitsnotiz|
    abwesenheitsmeldung|abwesenheitsnachricht|autoantwort|abwesend|réponse automatique|message d'absence|
    notification d'absence|absence du bureau|absent du bureau|absent(e) du bureau|respuesta automática|
    respuesta automatica|fuera de la oficina|fuera de oficina|ausente|risposta automatica|fuori sede|
    fuori ufficio|assente|resposta automática|resposta automatica|fora do escritório|ausência temporária|
    ausência do escritório|automatisch antwoord|automatisch bericht|afwezigheidsmelding|afwezig|niet aanwezig|
    autosvar|automatiskt svar|frånvaro|frånvarande|automatisk svar|fravær|fraværende|ikke på kontoret|
    automaattinen vastaus|poissa|automatická odpověď|automatyczna odpowiedź|autoodpowiedź|
    automatyczne powiadomienie|poza biurem|автоматический ответ|автоответ|вне офиса|отсутствует|
    автоматична відповідь|автовідповідь|otomatik yanıt|otomatik cevap|ofis dışında|自動応答|自動返信|不在通知|
    不在|自动回复|自动答复|自動回覆|自動回复|外出|자동 회신|자동 응답|자동응답|부재 중|부재중|رد تلقائي|
    خارج المكتب|תגובה אוטומטית|מענה אוטומטי|תשובה אוטומטית|αυτόματη απάντηση|εκτός γραφείου|automatikus válasz|
    házon kívül|răspuns automat|în afara biroului|automatinis atsakymas|automātiska atbilde|automaatne vastus|
    automatski odgovor|samodejni odgovor|автоматичен отговор|trả lời tự động|balasan otomatis|jawapan automatik|
    ตอบกลับอัตโนมัติ|resposta automàtica""".split("|")
)
SURELY_BEGIN = tuple(f"{phrase}{colon}" for phrase in SURE_SUBJECTS for colon in (":", " :", "："))
# These need a second sign, because people write them too ("Out of office next week?").
HINT_SUBJECTS = SURE_SUBJECTS + tuple(
    phrase.strip()
    for phrase in """on vacation|on leave|on holiday|vacation|holiday|away|i am out|i'm out|i am away|i'm away|
    i am currently|i will be out|maternity leave|parental leave|urlaub|im urlaub|außer haus|nicht im büro|
    ich bin|elternzeit|congés|en congé|je suis absent|absence|de vacaciones|estoy fuera|in ferie|sono assente|
    férias|em férias|estou ausente|op vakantie|met verlof|vakantie|semester|på semester|ferie|på ferie|lomalla|
    loma|urlop|na urlopie|dovolená|mimo kancelář|отпуск|в отпуске|відпустка|tatil|izindeyim|休暇|休暇中|休假|
    휴가|إجازة|חופשה|διακοπές|szabadság|concediu|thank you for your|thank you for contacting|
    thanks for contacting|we have received|we received your|your request|ihre anfrage|vielen dank für|
    wir haben ihre|merci pour votre|nous avons bien reçu|gracias por|hemos recibido|grazie per|abbiamo ricevuto|
    obrigado por|recebemos|bedankt voor|wij hebben uw|ticket received|confirmation|empfangsbestätigung|
    eingangsbestätigung|accusé de réception|acuse de recibo|ontvangstbevestiging""".split("|")
)
VACATION_WORDS = tuple(
    phrase.strip()
    for phrase in """out of office|out of the office|away|vacation|holiday|on leave|maternity|parental|abwesen|
    urlaub|außer haus|elternzeit|absen|congé|fuera de|vacaciones|ausente|fuori|ferie|assente|fora do|férias|
    ausên|afwezig|vakantie|verlof|frånvar|semester|fravær|ikke på kontoret|poissa|loma|poza biurem|urlop|
    nieobecn|dovolen|nepřítom|вне офиса|отпуск|отсутств|відпуст|відсутн|ofis dışı|tatil|izin|不在|休暇|外出|
    休假|부재|휴가|خارج المكتب|إجازة|חופשה|מחוץ למשרד|διακοπές|εκτός|szabadság|házon kívül|concediu|
    afara biroului""".split("|")
)
NOBODY = (
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|dont[-_.]?reply|no[-_.]?response|not[-_.]?reply|nepasrepondre|ne[-_.]pas[-_.]repondre|"
    r"keine[-_.]?antwort|nicht[-_.]?antworten|noresponder|no[-_.]responder|naoresponda|nao[-_.]responder|nessunarisposta|"
    r"geen[-_.]?antwoord|nie[-_.]?odpowiadaj|ikke[-_.]?svar|svara[-_.]?inte|unattended|unmonitored)(?:[-_.+].*)?@"
)
