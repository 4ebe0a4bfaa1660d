"""The phrases that mail programs put around quotes and signatures, in the languages they speak.

All are lower case, without diacritics folded away. Add a phrase here; no code needs to change.
"""

FROM = """from|von|de|da|van|od|fra|från|от|от кого|від|від кого|lähettäjä|kimden|gönderen|差出人|送信者|发件人|
寄件者|寄件人|보낸 사람|보낸사람|من|מאת|από|feladó|de la|expéditeur|mittente|absender|remitente|remetente|
afzender|avsändare|avsender|afsender|nadawca|odesílatel|odosielateľ|отправитель|відправник|siuntėjas|nuo|saatja|
no kā|pošiljatelj|šalje|từ|จาก|dari|o|nork|на|ад"""
SENT = """sent|gesendet|gesendet am|envoyé|envoyé le|enviado|enviado el|enviada|enviada em|enviado em|inviato|
inviato il|verzonden|verzonden op|wysłano|wysłane|data wysłania|отправлено|отправлен|дата отправки|надіслано|
відправлено|odesláno|odoslané|poslano|poslato|skickat|skickat den|sendt|sendt den|lähetetty|gönderildi|
gönderilme tarihi|gönderim tarihi|送信日時|发送时间|发送日期|傳送日期|寄件日期|보낸 날짜|보낸날짜|elküldve|
küldve|trimis|στάλθηκε|εστάλη|נשלח|تاريخ الإرسال|تم الإرسال|išsiųsta|saadetud|nosūtīts|изпратено|đã gửi|dikirim|
message du"""
DATE = """date|datum|fecha|data|dato|дата|päivämäärä|päiväys|pvm|tarih|日付|日時|日期|时间|時間|날짜|dátum|dată|
data/ora|ημερομηνία|תאריך|التاريخ|date d'envoi|kuupäev|ngày|tanggal|วันที่"""
TO = """to|an|à|a|para|pour|aan|do|кому|till|til|vastaanottaja|kime|alıcı|宛先|收件人|收件者|받는 사람|받는사람|
إلى|אל|προς|címzett|către|catre|komu|empfänger|destinataire|destinatario|destinatário|ontvanger|mottagare|
mottaker|modtager|kam|kellele|до|đến|kepada|ถึง|за|za|prima"""
SUBJECT = """subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|temat|тема|předmět|predmet|ämne|emne|
aihe|konu|件名|主题|主旨|主題|제목|الموضوع|נושא|θέμα|tárgy|subiect|zadeva|naslov|tēma|tema|teema|относно|
предмет|chủ đề|perihal|subjek|เรื่อง|titulek"""
OTHER = """cc|bcc|kopie|copie|copie à|copia|cópia|kopia|kopi|копия|копія|dw|kopio|bilgi|抄送|副本|참조|نسخة|
עותק|κοιν|másolatot kap|másolat|reply-to|antwort an|répondre à|responder a|antwoord aan|organization|
organisation|importance|priority|attachments|anlagen|pièces jointes|received|resent-from|x-mailer|message-id|
delivered-to|wysłane do|cci|cco"""

# What follows or closes an "On … X wrote:" line.
WROTE = """wrote|writes|schrieb|geschrieben|a écrit|écrivait|écrit|escribió|escribio|ha escrito|escribiu|
va escriure|ha scritto|scrisse|escreveu|schreef|geschreven|napisał|napisała|napisał(a)|napisał/a|pisze|написал|
написала|написал(а)|пишет|писал|писал(а)|написав|написав(ла)|пише|написа|napsal|napsal(a)|napsala|napísal|
napísal(a)|napísala|skrev|skrev følgende|skrev följande|kirjoitti|yazdı|şunu yazdı|şunları yazdı|
escreveu o seguinte|書きました|のメッセージ|写道|寫道|写到|作成|작성|님이 작성|썼습니다|wrote the following|كتب|
كتبت|כתב|כתבה|έγραψε|írta|ezt írta|írt|a scris|scris|rašė|parašė|kirjutas|rakstīja|napisao|napisala|napisao je|
je napisal|je napisao|пишува|đã viết|menulis|เขียนว่า|idatzi du|dijo|said|נכתב על ידי|نوشت|ने लिखा|लिखा|
تمت كتابة ما يلي|missatge de"""
# How such a line may begin, when it does not begin with a date or a name and address.
INTRO = """on|am|le|el|il|il giorno|em|no dia|op|w dniu|dnia|dne|dňa|den|kl|på|på den|в|у|na|în|la|pada|vào|
στις|την|το|στη|בתאריך|ב-|في|بتاريخ|in data|in article|in message|en|at|vom|den dag|z dnia|am um|от|quoting|
zitat von|citando|citerar|tarihinde|在|于|於|dana|dňa:|da|ในวันที่|ในวัน|เมื่อ|در تاریخ|missatge de|kuupäev|v v|
u"""

# The label inside "-----Original Message-----".
ORIGINAL = """original message|original mail|original email|original appointment|reply message|
ursprüngliche nachricht|ursprüngliche mail|originalnachricht|original-nachricht|originalmail|message d'origine|
message original|message initial|mail original|mensaje original|mensagem original|messaggio originale|
messaggio originario|oorspronkelijk bericht|origineel bericht|oorspronkelijke bericht|wiadomość oryginalna|
oryginalna wiadomość|исходное сообщение|первоначальное сообщение|оригинальное сообщение|пересылаемое сообщение|
вихідне повідомлення|оригінальне повідомлення|původní zpráva|pôvodná správa|ursprungligt meddelande|
originalmeddelande|oprindelig meddelelse|oprindelig besked|opprinnelig melding|original melding|
alkuperäinen viesti|orijinal mesaj|özgün ileti|özgün mesaj|orijinal ileti|元のメッセージ|元のメール|原始邮件|
原始郵件|原邮件|原始信件|원본 메시지|원본 메일|원본메시지|الرسالة الأصلية|رسالة أصلية|הודעה מקורית|
αρχικό μήνυμα|πρωτότυπο μήνυμα|eredeti üzenet|eredeti levél|mesaj original|mesajul original|mesaj inițial|
originali žinutė|algne sõnum|originalna poruka|izvorna poruka|izvirno sporočilo|оригинално съобщение|thư gốc|
tin nhắn gốc|pesan asli|missatge original"""
FORWARDED = """forwarded message|begin forwarded message|forwarded by|weitergeleitete nachricht|
anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail|message transféré|message transmis|
début du message transféré|début du message réexpédié|mensaje reenviado|inicio del mensaje reenviado|
mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|messaggio inoltrato|
inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht|wiadomość przekazana|
przekazana wiadomość|treść przekazanej wiadomości|переадресованное сообщение|пересланное сообщение|
начало переадресованного сообщения|переслане повідомлення|přeposlaná zpráva|preposlaná správa|
vidarebefordrat meddelande|videresendt meddelelse|videresendt besked|videresendt melding|välitetty viesti|
edelleenlähetetty viesti|yönlendirilen mesaj|iletilen mesaj|iletilmiş ileti|転送されたメッセージ|转发的邮件|
轉寄的郵件|转发邮件信息|전달된 메시지|전달된 메일|رسالة معاد توجيهها|הודעה שהועברה|προωθημένο μήνυμα|
továbbított üzenet|mesaj redirecționat|proslijeđena poruka|posredovano sporočilo|missatge reenviat|
препратено съобщение"""

# "Sent from my iPhone" and its kind: the beginning of the line …
SENT_FROM = """sent from|sent via|sent with|sent using|sent by|sent on|sent through|get outlook|
download outlook|gesendet von|gesendet mit|gesendet via|gesendet über|gesendet aus|von meinem|von meiner|
diese nachricht wurde von meinem|outlook für|holen sie sich outlook|laden sie outlook|envoyé de|envoyé d'un|
envoyé depuis|envoyé à partir|envoyé avec|envoyé par|envoyé via|obtenir outlook|télécharger outlook|
téléchargez outlook|enviado desde|enviado con|enviado do|enviado via|enviado de|enviado pelo|enviado a partir|
obtener outlook|obtén outlook|obter o outlook|inviato da|inviato dal|inviato con|inviato tramite|
ottieni outlook|scarica outlook|verzonden vanaf|verzonden met|verzonden vanuit|verzonden via|verstuurd vanaf|
verstuurd met|outlook voor|wysłano z|wysłane z|pobierz aplikację outlook|pobierz program outlook|отправлено с|
отправлено из|отправлено через|отправлено от|скачать outlook|надіслано з|відправлено з|odesláno z|
odesláno pomocí|odoslané z|získat outlook|skickat från|skickat med|skickades från|hämta outlook|sendt fra|
sendt med|sendt via|hent outlook|få outlook|lähetetty|hanki outlook|发自|發自|來自|从我的|從我的|傳送自|
أرسلت من|أُرسلت من|مرسل من|נשלח מ|στάλθηκε από|εστάλη από|κατεβάστε το outlook|küldve|elküldve|trimis de|
trimis din|trimis cu|poslano s|poslano sa|poslano z|изпратено от|đã gửi từ|được gửi từ|dikirim dari|
saadetud minu|išsiųsta iš|enviat des|virus-free|virenfrei|sans virus|envoyé sur|yahoo mail:|provenance :|
provenance:"""
# … or its end, for languages that put the verb last.
SENT_FROM_END = """gesendet|gönderildi|gönderilmiştir|から送信|から送信しました|から送信されました|より送信|
에서 보냄|에서 보내기|에서 발송|保護されています|küldve|发送|傳送"""
# Words that make "Sent from …" a device or a program and not a warehouse.
DEVICES = """iphone|ipad|ipod|android|outlook|mail|gmail|samsung|galaxy|blackberry|huawei|xiaomi|oneplus|pixel|
nokia|phone|mobile|handy|smartphone|mobiltelefon|tablet|tablette|téléphone|telefon|telefono|teléfono|celular|
telefoon|мобильного|телефона|телефону|yahoo|proton|protonmail|spark|windows|zimbra|thunderbird|aol|icloud|mac|
macbook|surface|htc|motorola|sony|xperia|lg|verizon|t-mobile|vodafone|orange|telekom|typeapp|bluemail|boxer|
airmail|mailbird|hey|superhuman|front|polymail|sparrow|mailspring|fastmail|tutanota|gmx|web.de|mailapp|hotmail|
msn|lenovo|redmi|honor|oppo|vivo|zoho|app|device|gerät|palm|treo|mail.ru|почты|mail.de|freenet|workspace|newton|
copilot|moto"""
MY = (
    "my|meinem|meiner|mon|ma|mi|mio|mia|dal mio|meu|minha|mijn|mojego|моего|моей|мого|mého|môjho|min|mitt|mit|我的|なし"
)

# Greetings that open a signature block when a name and a title or contact line follow.
REGARDS = """regards|best regards|kind regards|warm regards|warmest regards|kindest regards|with regards|
many regards|with kind regards|with best regards|yours sincerely|sincerely|sincerely yours|yours faithfully|
yours truly|respectfully|best wishes|best|all the best|cordially|cheers|rgds|br|kr|mit freundlichen grüßen|
mit freundlichen grüssen|mit freundlichem gruß|freundliche grüße|freundliche grüsse|viele grüße|beste grüße|
liebe grüße|herzliche grüße|schöne grüße|mit besten grüßen|hochachtungsvoll|grüße|gruß|lg|mfg|vg|cordialement|
bien cordialement|bien à vous|sincères salutations|salutations|salutations distinguées|meilleures salutations|
bien à toi|respectueusement|amicalement|saludos|un saludo|saludos cordiales|un cordial saludo|atentamente|
cordialmente|muy atentamente|atenciosamente|cumprimentos|com os melhores cumprimentos|melhores cumprimentos|
abraços|abraço|att|cordiali saluti|distinti saluti|un saluto|saluti|un cordiale saluto|met vriendelijke groet|
met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|groeten|groetjes|hartelijke groet|mvg|
pozdrawiam|z poważaniem|serdecznie pozdrawiam|z wyrazami szacunku|с уважением|с наилучшими пожеланиями|
з повагою|s pozdravem|s úctou|s přáním hezkého dne|s pozdravom|med vänliga hälsningar|vänliga hälsningar|
hälsningar|mvh|vänligen|med venlig hilsen|venlig hilsen|hilsen|med vennlig hilsen|vennlig hilsen|bedste hilsner|
ystävällisin terveisin|terveisin|t|yt|saygılarımla|saygılarımızla|iyi çalışmalar|よろしくお願いいたします|
よろしくお願いします|敬具|此致|敬礼|祝好|감사합니다|مع خالص التحية|مع تحياتي|تحياتي|בברכה|με εκτίμηση|φιλικά|
üdvözlettel|tisztelettel|üdv|cu stimă|cu respect|cele bune|lep pozdrav|srdačan pozdrav|поздрави|с уважение|
lugupidamisega|pagarbiai|ar cieņu|trân trọng|salam|hormat saya"""
THANKS = """thanks|thank you|many thanks|thanks a lot|thanks in advance|thanks again|thx|danke|vielen dank|
danke im voraus|merci|merci d'avance|merci beaucoup|gracias|muchas gracias|obrigado|obrigada|grazie|dank|
bedankt|alvast bedankt|dziękuję|спасибо|дякую|děkuji|ďakujem|tack|tack på förhand|tak|på forhånd tak|takk|
kiitos|teşekkürler|teşekkür ederim|谢谢|謝謝|ありがとうございます|شكرا|תודה|ευχαριστώ|köszönöm|mulțumesc|hvala"""

# A paragraph that begins so and holds two words of CONFIDENTIAL is a disclaimer.
DISCLAIMER = """confidential|confidentiality|disclaimer|caution|privileged|this e-mail|this email|this message|
this communication|the information contained|the information in this|the contents of this|important notice|
notice:|legal notice|diese e-mail|diese nachricht|diese mail|die information|der inhalt dieser|
wichtiger hinweis|hinweis:|vertraulich|ce message|cet e-mail|cet email|ce courriel|ce mail|
avis de confidentialité|les informations contenues|este mensaje|este correo|la información contenida|
aviso legal|aviso de confidencialidad|esta mensagem|este e-mail|questo messaggio|questa e-mail|questa email|
le informazioni contenute|avvertenza|ai sensi|dit bericht|deze e-mail|dit e-mailbericht|de informatie|
ta wiadomość|niniejsza wiadomość|treść tej wiadomości|данное сообщение|это сообщение|эта электронная|
informacja zawarta|tento e-mail|tato zpráva|detta meddelande|detta e-post|denne e-mail|denne e-post|
denne meddelelse|tämä viesti|tämä sähköposti|bu e-posta|bu mesaj|bu elektronik|acest mesaj|acest e-mail|
ez az üzenet|ez az e-mail"""
CONFIDENTIAL = """confidential|privileged|intended|recipient|addressee|disclos|distribut|unauthori|delete|
destroy|prohibited|liabil|virus|vertraulich|empfänger|adressat|bestimmt|unbefugt|vernichten|löschen|weitergabe|
confidentiel|destinataire|divulg|destiné|supprimer|détruire|confidencial|destinatari|prohibid|proibid|eliminar|
riservat|confidenzial|cancellar|vietat|vertrouwelijk|geadresseerde|bestemd|verwijder|poufn|adresat|usun|
zabronion|конфиденциал|адресат|получател|удалит|důvěrn|adresát|konfidentiell|mottagare|fortrolig|modtager|
luottamuksell|vastaanottaja|gizli|alıcı|bizalmas|címzett"""


def table(words: str) -> frozenset[str]:
    return frozenset(word for word in (part.strip() for part in words.split("|")) if word)


def longest_first(words: str) -> tuple[str, ...]:
    return tuple(sorted(table(words), key=len, reverse=True))
