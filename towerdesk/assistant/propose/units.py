"""Words for numbers, units, months, days and currencies in the languages of the desk, each with what it stands for."""

NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "sixty": 60,
    "ninety": 90, "hundred": 100, "ein": 1, "eine": 1, "einem": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4,
    "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "vierzehn": 14,
    "dreißig": 30, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "douze": 12, "quinze": 15, "trente": 30, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7,
    "ocho": 8, "nueve": 9, "diez": 10, "doce": 12, "treinta": 30,
}  # fmt: skip

_NAMED: dict[str, str] = {
    "second": "second seconds sec secs sekunde sekunden seconde secondes segundo segundos",
    "minute": "minute minutes min mins minuten minuto minutos",
    "hour": "hour hours hrs stunde stunden heure heures hora horas",
    "day": "day days tag tage tagen jour jours día días dia dias",
    "night": "night nights",
    "week": "week weeks woche wochen semaine semaines semana semanas",
    "month": "month months monat monate monaten mois mes meses",
    "year": "year years yr yrs jahr jahre jahren an ans année années año años",
    "mm": "mm millimetre millimetres millimeter millimeters",
    "cm": "cm centimetre centimetres centimeter centimeters zentimeter",
    "m": "m metre metres meter meters mètre mètres metro metros",
    "km": "km kilometre kilometres kilometer kilometers",
    "mg": "mg milligram milligrams",
    "g": "g gram grams gramm gramme grammes gramo gramos",
    "kg": "kg kilo kilos kilogram kilograms kilogramm",
    "ml": "ml millilitre millilitres milliliter milliliters",
    "l": "l litre litres liter liters litro litros",
    "w": "w watt watts", "kw": "kw kilowatt kilowatts", "v": "v volt volts", "hz": "hz hertz",
    "bar": "bar bars", "°c": "°c degrees", "°f": "°f", "°dh": "°dh",
    "kb": "kb kilobyte kilobytes", "mb": "mb megabyte megabytes", "gb": "gb gigabyte gigabytes", "tb": "tb",
    "ms": "ms millisecond milliseconds",
}  # fmt: skip
_WORKED = (
    "working day", "working days", "business day", "business days", "weekday", "weekdays", "werktag", "werktage",
    "werktagen", "arbeitstag", "arbeitstage", "arbeitstagen", "jour ouvré", "jours ouvrés", "jour ouvrable",
    "jours ouvrables", "día laborable", "días laborables", "día hábil", "días hábiles",
)  # fmt: skip
UNITS: dict[str, str] = {word: unit for unit, words in _NAMED.items() for word in words.split()}
UNITS |= dict.fromkeys(_WORKED, "working day")
UNITS |= {f"calendar {word}": "day" for word in ("day", "days")}

_MONTHS = (
    "january jan januar janvier enero", "february feb februar février febrero", "march mar märz mars marzo",
    "april apr avril abril", "may mai mayo", "june jun juni juin junio", "july jul juli juillet julio",
    "august aug août agosto", "september sep sept septembre septiembre", "october oct oktober okt octobre octubre",
    "november nov novembre noviembre", "december dec dezember dez décembre diciembre",
)  # fmt: skip
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}

_DAYS = (
    "monday montag montags lundi lunes", "tuesday dienstag dienstags mardi martes", "wednesday mittwoch mercredi miércoles",
    "thursday donnerstag jeudi jueves", "friday freitag freitags vendredi viernes", "saturday samstag samedi sábado",
    "sunday sonntag dimanche domingo",
)  # fmt: skip
WEEKDAYS = {word: f"day {number}" for number, words in enumerate(_DAYS, 1) for word in words.split()}

CURRENCIES = {
    "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur", "$": "usd", "usd": "usd", "us$": "usd", "dollar": "usd",
    "dollars": "usd", "£": "gbp", "gbp": "gbp", "pound": "gbp", "pounds": "gbp", "chf": "chf", "fr.": "chf",
    "¥": "jpy", "jpy": "jpy", "yen": "jpy", "sek": "sek", "dkk": "dkk", "nok": "nok", "pln": "pln", "cad": "cad",
    "aud": "aud", "cent": "cent", "cents": "cent",
}  # fmt: skip
