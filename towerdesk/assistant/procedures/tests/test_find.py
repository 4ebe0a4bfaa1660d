"""What is found in what people write: every kind of value, in four languages; and nothing where there is doubt."""

from datetime import UTC, datetime

import pytest

from towerdesk.assistant.procedures.answers import answer_in
from towerdesk.assistant.procedures.find import find
from towerdesk.assistant.procedures.model import Option, Slot
from towerdesk.lib import clock

FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def slot(kind, **more):
    return Slot(name="x", line=1, kind=kind, question={"en": "?"}, **more)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("pause it until 15 January please", "2027-01-15"),
        ("until January 15th", "2027-01-15"),
        ("for three weeks", "2026-12-18"),
        ("bis zum 3. März", "2027-03-03"),
        ("für 2 Wochen", "2026-12-11"),
        ("jusqu'au 5 février", "2027-02-05"),
        ("hasta el 10 de enero", "2027-01-10"),
        ("until 2026-12-24", "2026-12-24"),
        ("from 1 March to 5 March", None),
        ("as soon as possible", None),
    ],
)
def test_dates(text, day):
    language = "de" if "W" in text or "ä" in text else "fr" if "jusqu" in text else "es" if "hasta" in text else "en"
    with clock.at(FRIDAY):
        assert find(slot("date"), text, language=language) == day


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("amount", "I was charged 32,00 € twice", "32.00"),
        ("amount", "EUR 1.234,50 for order B-18200", "1234.50"),
        ("amount", "order 18200 was too dear", None),
        ("email", "write to Mara.Lindqvist@example.org.", "mara.lindqvist@example.org"),
        ("phone", "call me at +49 30 901820", "+4930901820"),
        ("integer", "I want 3 of them", 3),
        ("integer", "between 3 and 5", None),
    ],
)
def test_kinds(kind, text, value):
    assert find(slot(kind), text) == value


def test_a_choice_is_told_by_its_words_and_the_longer_ones_win():
    bag = slot("choice", options=(Option(value="faulty", said=("broken",)), Option(value="not faulty", said=())))

    assert find(bag, "It arrived broken") == "faulty"
    assert find(bag, "It is not faulty") == "not faulty"
    assert find(bag, "broken, or not faulty?") is None


def test_a_pattern_is_the_whole_of_a_word_and_two_of_them_are_none():
    number = slot("text", pattern=r"B-\d{5}")

    assert find(number, "my order b-18200!") == "B-18200"
    assert find(number, "my order B-182001") is None
    assert find(number, "B-18200 or B-18201") is None
    assert find(slot("text", pattern=r"B-\d{5}", many=True), "B-18200 and B-18201") == ["B-18200", "B-18201"]


@pytest.mark.parametrize(
    ("text", "street", "city"),
    [
        ("Please send it to Lindenstraße 12, 10969 Berlin instead.", "Lindenstraße 12", "10969 Berlin"),
        ("change the address of B-18200 to Havenkade 44, Utrecht?", "Havenkade 44", "Utrecht"),
        ("Korenweg 3\n1012 AB Utrecht", "Korenweg 3", "1012 AB Utrecht"),
        ("Please deliver to 5 Chapel Street, Leeds LS1 4AP", "5 Chapel Street", "Leeds LS1 4AP"),
        ("bitte an Am Mühlbach 7, Köln schicken", "Am Mühlbach 7", "Köln"),
        ("8 rue des Tilleuls, 75002 Paris", "8 rue des Tilleuls", "75002 Paris"),
        ("la nueva dirección es calle del Molino 8, Sevilla.", "calle del Molino 8", "Sevilla"),
        ("Could you correct that? The right one is Am Mühlbach 46, Freiburg.", "Am Mühlbach 46", "Freiburg"),
        ("Können Sie das korrigieren? Richtig ist Bergstraße 33, Kassel.", "Bergstraße 33", "Kassel"),
        ("La bonne est 8 rue des Tilleuls, Annecy.", "8 rue des Tilleuls", "Annecy"),
        ("We moved to An der Alster 3, Hamburg.", "An der Alster 3", "Hamburg"),
        ("C'est 12 rue de l'Est, Nantes.", "12 rue de l'Est", "Nantes"),
    ],
)
def test_addresses(text, street, city):
    """What leads to an address is no part of it."""
    assert find(slot("address"), text) == {"street": street, "city": city}


def test_where_there_is_no_address_none_is_found():
    assert find(slot("address"), "My order B-20311 contains 2 things, Utrecht is nice") is None


@pytest.mark.parametrize(
    "text",
    ["Yes", "yes please, thanks!", "Ja, bitte machen Sie das.", "Oui, allez-y", "Sí, adelante", "No problem, go ahead"],
)
def test_yes(text):
    assert answer_in(text) == "yes"


@pytest.mark.parametrize(
    "text", ["No, keep it.", "Doch nicht, danke", "Non merci, j'ai changé d'avis.", "mejor no", "please don't"]
)
def test_no(text):
    assert answer_in(text) == "no"


@pytest.mark.parametrize(
    "text", ["yes but only the second", "what?", "hmm", "cancel both of them yes", "Ja, aber erst morgen", "yes and no"]
)
def test_neither(text):
    assert answer_in(text) == ""
