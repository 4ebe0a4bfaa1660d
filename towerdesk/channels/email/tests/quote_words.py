"""How mail programs introduce a quote and sign a mail, in their languages. Written for this suite."""

WROTE = {
    "en": "On Tue, Mar 5, 2024 at 10:15 AM Support <support@desk.example> wrote:",
    "en2": "On 5 Mar 2024, at 10:15, Support wrote:",
    "de": "Am Di., 5. März 2024 um 10:15 Uhr schrieb Support <support@desk.example>:",
    "de2": "Support <support@desk.example> schrieb am Di., 5. März 2024, 10:15:",
    "de3": "Am 05.03.2024 um 10:15 schrieb Support:",
    "fr": "Le mar. 5 mars 2024 à 10:15, Support <support@desk.example> a écrit :",
    "fr2": "Le 05/03/2024 à 10:15, Support a écrit :",
    "es": "El mar, 5 mar 2024 a las 10:15, Support (<support@desk.example>) escribió:",
    "it": "Il giorno mar 5 mar 2024 alle ore 10:15 Support <support@desk.example> ha scritto:",
    "it2": "Il 05/03/2024 10:15, Support ha scritto:",
    "pt": "Em ter., 5 de mar. de 2024 às 10:15, Support <support@desk.example> escreveu:",
    "pt2": "A terça, 5/03/2024, 10:15, Support <support@desk.example> escreveu:",
    "nl": "Op di 5 mrt 2024 om 10:15 schreef Support <support@desk.example>:",
    "nl2": "Op 05-03-2024 om 10:15 schreef Support:",
    "pl": "wt., 5 mar 2024 o 10:15 Support <support@desk.example> napisał(a):",
    "pl2": "W dniu 05.03.2024 o 10:15, Support pisze:",
    "ru": "вт, 5 мар. 2024 г. в 10:15, Support <support@desk.example>:",
    "ru2": "05.03.2024 10:15, Support пишет:",
    "uk": "вт, 5 бер. 2024 р. о 10:15 Support <support@desk.example> пише:",
    "cs": "út 5. 3. 2024 v 10:15 odesílatel Support <support@desk.example> napsal:",
    "cs2": "Dne 05. 03. 24 v 10:15 Support napsal(a):",
    "sk": "ut 5. 3. 2024 o 10:15 Support <support@desk.example> napísal(a):",
    "sv": "Den tis 5 mars 2024 kl 10:15 skrev Support <support@desk.example>:",
    "sv2": "5 mars 2024 kl. 10:15 skrev Support <support@desk.example>:",
    "da": "Den tirs. 5. mar. 2024 kl. 10.15 skrev Support <support@desk.example>:",
    "no": "tir. 5. mars 2024 kl. 10:15 skrev Support <support@desk.example>:",
    "fi": "ti 5. maalisk. 2024 klo 10.15 Support (support@desk.example) kirjoitti:",
    "tr": "Support <support@desk.example>, 5 Mar 2024 Sal, 10:15 tarihinde şunu yazdı:",
    "ja": "2024年3月5日(火) 10:15 Support <support@desk.example>:",
    "ja2": "2024/03/05 10:15、Support <support@desk.example>のメール:",
    "zh": "Support <support@desk.example> 于2024年3月5日周二 10:15写道：",
    "zh2": "在 2024年3月5日，上午10:15，Support <support@desk.example> 写道：",
    "zh3": '在 2024-03-05 10:15:00，"Support" <support@desk.example> 写道：',
    "zhtw": "Support <support@desk.example> 於 2024年3月5日 週二 上午10:15寫道：",
    "ko": "2024년 3월 5일 (화) 오전 10:15, Support <support@desk.example>님이 작성:",
    "ko2": "2024. 3. 5. 오전 10:15, Support <support@desk.example> 작성:",
    "he": "\u200fבתאריך יום ג׳, 5 במרץ 2024 ב-10:15 מאת \u202aSupport\u202c\u200f "
    "<\u202asupport@desk.example\u202c\u200f>:\u202c",
    "ar": "في الثلاثاء، 5 مارس 2024 في 10:15 ص تمت كتابة ما يلي بواسطة Support <support@desk.example>:",
    "ar2": "في ثلاثاء، ٥ مارس ٢٠٢٤ ١٠:١٥ ص، كتب Support <support@desk.example>:",
    "el": "Στις Τρί 5 Μαρ 2024 στις 10:15 π.μ., ο/η Support <support@desk.example> έγραψε:",
    "hu": "Support <support@desk.example> ezt írta (időpont: 2024. márc. 5., K, 10:15):",
    "hu2": "2024. 03. 05. 10:15 keltezéssel, Support írta:",
    "ro": "În mar., 5 mar. 2024 la 10:15, Support <support@desk.example> a scris:",
    "bg": "На вт, 5.03.2024 г. в 10:15 ч. Support <support@desk.example> написа:",
    "hr": "uto, 5. ožu 2024. u 10:15 Support <support@desk.example> napisao je:",
    "sl": "V V tor., 5. mar. 2024 ob 10:15 je oseba Support <support@desk.example> napisala:",
    "lt": "2024-03-05, an, 10:15 Support <support@desk.example> rašė:",
    "et": "Kuupäev T, 5. märts 2024 kell 10:15 kirjutas Support <support@desk.example>:",
    "vi": "Vào Th 3, 5 thg 3, 2024 vào lúc 10:15 Support <support@desk.example> đã viết:",
    "id": "Pada tanggal Sel, 5 Mar 2024 pukul 10.15 Support <support@desk.example> menulis:",
    "th": "ในวันที่ อ. 5 มี.ค. 2024 เวลา 10:15 Support <support@desk.example> เขียนว่า:",
    "ca": "Missatge de Support <support@desk.example> del dia dt., 5 de març 2024 a les 10:15:",
    "fa": "در تاریخ سه\u200cشنبه ۵ مارس ۲۰۲۴، ۱۰:۱۵ Support <support@desk.example> نوشت:",
}

BLOCKS = {
    "en": """From: Support <support@desk.example>
Sent: Tuesday, March 5, 2024 10:15 AM
To: Mara <mara@customer.example>
Subject: RE: Order""",
    "de": """Von: Support <support@desk.example>
Gesendet: Dienstag, 5. März 2024 10:15
An: Mara <mara@customer.example>
Betreff: AW: Bestellung""",
    "fr": """De : Support <support@desk.example>
Envoyé : mardi 5 mars 2024 10:15
À : Mara <mara@customer.example>
Objet : RE: Commande""",
    "es": """De: Support <support@desk.example>
Enviado el: martes, 5 de marzo de 2024 10:15
Para: Mara
Asunto: RE: Pedido""",
    "it": """Da: Support <support@desk.example>
Inviato: martedì 5 marzo 2024 10:15
A: Mara
Oggetto: R: Ordine""",
    "pt": """De: Support <support@desk.example>
Enviada em: terça-feira, 5 de março de 2024 10:15
Para: Mara
Assunto: RES: Pedido""",
    "nl": """Van: Support <support@desk.example>
Verzonden: dinsdag 5 maart 2024 10:15
Aan: Mara
Onderwerp: RE: Bestelling""",
    "pl": """Od: Support <support@desk.example>
Wysłano: wtorek, 5 marca 2024 10:15
Do: Mara
Temat: RE: Zamówienie""",
    "ru": """От: Support <support@desk.example>
Отправлено: 5 марта 2024 г. 10:15
Кому: Mara
Тема: RE: Заказ""",
    "uk": """Від: Support <support@desk.example>
Надіслано: 5 березня 2024 р. 10:15
Кому: Mara
Тема: RE: Замовлення""",
    "cs": """Od: Support <support@desk.example>
Odesláno: úterý 5. března 2024 10:15
Komu: Mara
Předmět: RE: Objednávka""",
    "sv": """Från: Support <support@desk.example>
Skickat: den 5 mars 2024 10:15
Till: Mara
Ämne: SV: Order""",
    "da": """Fra: Support <support@desk.example>
Sendt: 5. marts 2024 10:15
Til: Mara
Emne: SV: Ordre""",
    "fi": """Lähettäjä: Support <support@desk.example>
Lähetetty: tiistai 5. maaliskuuta 2024 10:15
Vastaanottaja: Mara
Aihe: VS: Tilaus""",
    "tr": """Kimden: Support <support@desk.example>
Gönderildi: 5 Mart 2024 Salı 10:15
Kime: Mara
Konu: RE: Sipariş""",
    "ja": """差出人: Support <support@desk.example>
送信日時: 2024年3月5日 10:15
宛先: Mara
件名: RE: 注文""",
    "zh": """发件人: Support <support@desk.example>
发送时间: 2024年3月5日 10:15
收件人: Mara
主题: RE: 订单""",
    "zhtw": """寄件者： Support <support@desk.example>
寄件日期： 2024年3月5日 10:15
收件者： Mara
主旨： RE: 訂單""",
    "ko": """보낸 사람: Support <support@desk.example>
보낸 날짜: 2024년 3월 5일 화요일 10:15
받는 사람: Mara
제목: RE: 주문""",
    "ar": """من: Support <support@desk.example>
تاريخ الإرسال: 5 مارس 2024
إلى: Mara
الموضوع: رد""",
    "he": """מאת: Support <support@desk.example>
נשלח: יום שלישי 5 מרץ 2024
אל: Mara
נושא: RE""",
    "el": """Από: Support <support@desk.example>
Στάλθηκε: Τρίτη, 5 Μαρτίου 2024
Προς: Mara
Θέμα: RE""",
    "hu": """Feladó: Support <support@desk.example>
Elküldve: 2024. március 5. 10:15
Címzett: Mara
Tárgy: RE""",
    "ro": """De la: Support <support@desk.example>
Trimis: marți, 5 martie 2024
Către: Mara
Subiect: RE""",
    "unk": """________________________________
Xyzzy: Support <support@desk.example>
Plugh: 5 3 2024
Frob: Mara
Quux: RE""",
}

SENT_FROM = [
    "Sent from my iPhone",
    "Von meinem iPhone gesendet",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Enviado do meu iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Wysłane z iPhone'a",
    "Отправлено с iPhone",
    "Надіслано з iPhone",
    "Odesláno z iPhonu",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Lähetetty iPhonesta",
    "iPhone'umdan gönderildi",
    "iPhoneから送信",
    "发自我的 iPhone",
    "從我的 iPhone 傳送",
    "나의 iPhone에서 보냄",
    "أُرسلت من الـ iPhone",
    "נשלח מה-iPhone שלי",
    "Στάλθηκε από το iPhone μου",
    "Küldve az iPhone készülékemről",
    "Trimis de pe iPhone-ul meu",
    "Get Outlook for Android<https://aka.ms/x>",
    "Outlook für iOS beziehen<https://aka.ms/x>",
    "Gesendet mit der GMX Mail App",
    "Sent from Yahoo Mail on Android",
    "Sent with Proton Mail secure email.",
    "Sent from Samsung Mobile",
    "Gesendet von meinem Samsung Galaxy Smartphone.",
    "Envoyé à partir de Outlook pour Android",
    "Télécharger Outlook pour iOS",
    "Enviado desde Outlook para Android",
    "-------- Sent from Mailspring",
    "Von meinem iPad gesendet",
    "Diese Nachricht wurde von meinem Android-Mobiltelefon mit WEB.DE Mail gesendet.",
    "Отправлено из мобильной Почты Mail.ru",
    "Enviado do Gmail para celular",
    "Sent from Mail for Windows",
    "Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows 10",
    "Gesendet von Mail für Windows",
    "Provenance : Courrier pour Windows 10",
]

CONTENT = [
    "Your form was filled in:\nFrom: Mara <mara@customer.example>\nSubject: My order\nMessage: It is late.",
    "-----------\nName: Mara Okafor\nPhone: +49 30 1234567\nEmail: mara@customer.example",
    "-----------\nTime: 3/9/2006 3:50:52 PM\nResult: sent\nElapsed time: 00:58",
    "Sent from the warehouse on Monday, so it should be here.",
    "Sent by mistake.",
    "Sent the parcel from my home.",
    "From: Berlin\nTo: Munich\nDate: 3 March\nPassengers: 2",
    "On Monday I will be away, so please answer by Friday:\n- the price\n- the date",
    "Von: Berlin\nNach: Hamburg\nAm: 3. Mai",
    "Regards to your team, they did well.",
    "Thanks,\nAlex",
    "I wrote to you on 2024-03-05 at 10:15:\nno answer came.",
    "Please send it to:\n\nJonas Weber\nHauptstr. 3\n12345 Berlin\njonas@customer.example",
    "My details:\nName: Mara\nEmail: mara@customer.example\nPhone: +49 30 1234567",
    "The error says:\n\nFrom server: 500\nTo client: 200",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "# Title\n-----\ntext goes here.\n\n-----\nmore text, thanks a lot for all.",
    "- first\n- second\n-- third",
    "Best,\nMara",
]
