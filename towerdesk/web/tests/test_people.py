"""The page of a person: one history of every channel, who may be the same, joining seen before it is done and undone after."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from towerdesk.accounts.models import Team
from towerdesk.people.find import find_person, person_for
from towerdesk.people.models import Organisation, Person
from towerdesk.testing import cast
from towerdesk.tickets.join import join
from towerdesk.tickets.models import Join, Message, Ticket

PHONE = "+5215512345678"
MOST = 15


@pytest.fixture
def by_phone(desk) -> Person:
    return person_for(PHONE, "Mara L.", kind="phone", verified=True)


def text_of(answer) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def page_of(web, person, query="") -> str:
    return text_of(web.get(f"/people/{person.pk}{query}"))


def test_all_that_they_wrote_is_one_history_with_the_ways_it_came(web, desk, mara, ticket):
    other = cast.opened(desk, mara, "The ring")
    cast.says(other, "Photo", channel="whatsapp")
    page = page_of(web, mara)

    assert "Group head drips" in page
    assert "The ring" in page
    assert "WhatsApp <b>1</b>" in page
    assert "Mail <b>2</b>" in page
    assert "nobody vouches for it" in page


def test_how_we_know_an_address_is_said(web, by_phone):
    assert "The provider signed for it" in page_of(web, by_phone)


def test_nobody_reads_tickets_there_that_they_may_not_read(desk, ben_user, client, mara, ticket):
    secret = cast.opened(desk, mara, "Something private")
    Ticket.objects.filter(pk=secret.pk).update(team=Team.objects.create(name="Legal", slug="legal", restricted=True))
    Message.objects.filter(ticket=secret).update(channel="whatsapp")
    client.force_login(ben_user)
    page = page_of(client, mara)

    assert "Something private" not in page
    assert "WhatsApp" not in page
    assert "Join with" not in page
    assert client.get(f"/people/{mara.pk}/join?with={mara.pk}").status_code == 403
    assert "WhatsApp" not in client.get(f"/tickets/{ticket.pk}").content.decode()


def test_the_same_telephone_in_another_network_is_proposed_and_not_joined(web, by_phone):
    same = person_for("+525512345678", "M Lindqvist", kind="sms")
    page = page_of(web, by_phone)

    assert "+525512345678 is the same telephone." in page
    assert f"/people/{by_phone.pk}/join?with={same.pk}" in page
    assert not Join.objects.exists()


def test_a_name_is_proposed_last_and_only_within_one_organisation(web, mara, jonas):
    firm = Organisation.objects.create(name="Lindqvist")
    namesake = Person.objects.create(name="mara lindqvist", organisation=firm)
    stranger = Person.objects.create(name="Mara Lindqvist")
    Person.objects.filter(pk=mara.pk).update(organisation=firm)
    page = page_of(web, mara)

    assert f"with={namesake.pk}" in page
    assert f"with={stranger.pk}" not in page
    assert "A name proves nothing: ask." in page


def test_an_address_that_was_left_in_a_chat_is_proposed_from_both_sides(web, desk, mara, by_phone):
    chat = cast.opened(desk, by_phone, "From the chat")
    cast.says(chat, "Write to me", trust={"reply_to": "mara@lindqvist.example"})
    cast.says(chat, "Here I am", mara)

    assert "asked for answers at mara@lindqvist.example" in page_of(web, by_phone)
    assert "left an address of Mara Lindqvist for answers" in page_of(web, mara)


def test_what_a_provider_vouches_for_comes_first(web, desk, mara, by_phone):
    person_for("+525512345678", "Namesake", kind="sms")
    chat = cast.opened(desk, by_phone)
    cast.says(chat, "Hi", trust={"vouched": "mara@lindqvist.example"})
    page = page_of(web, by_phone)

    assert page.index("A provider vouches that") < page.index("is the same telephone")


def test_a_join_is_seen_done_and_undone(web, desk, mara, by_phone):
    cast.opened(desk, by_phone, "It drips again")
    seen = text_of(web.get(f"/people/{mara.pk}/join?with={by_phone.pk}&why=same+telephone"))
    assert "What goes to Mara Lindqvist: 1 address and 1 ticket." in seen
    assert "same telephone" in seen

    done = web.post(f"/people/{mara.pk}/join", {"with": by_phone.pk, "why": "She said so"}, follow=True)
    assert "Mara L. is a part of Mara Lindqvist now, with 1 ticket." in text_of(done)
    assert f"/people/{by_phone.pk}/part" in text_of(done)
    assert "by Ana Reyes" in text_of(done)
    assert find_person(PHONE, "phone") == mara

    web.post(f"/people/{by_phone.pk}/part")
    assert find_person(PHONE, "phone") == by_phone
    assert "took Mara L." in page_of(web, mara)


def test_an_address_that_nobody_vouches_for_is_pointed_at_before_it_is_joined(web, mara, jonas):
    assert "Nobody vouches for jonas@weber.example" in text_of(web.get(f"/people/{mara.pk}/join?with={jonas.pk}"))


def test_the_old_page_of_somebody_who_was_joined_leads_on(web, ana, mara, by_phone):
    join(by_phone, mara, by=ana)

    answer = web.get(f"/people/{by_phone.pk}", follow=True)
    assert answer.redirect_chain == [(f"/people/{mara.pk}", 302)]
    assert web.get("/people/999999").status_code == 404
    assert web.get(f"/people/{mara.pk}/join?with=x").status_code == 422
    assert web.get(f"/people/{mara.pk}/join?with={by_phone.pk}").status_code == 422


def test_a_note_is_kept_and_shown_with_those_of_parts(web, ana, mara, by_phone):
    web.post(f"/people/{by_phone.pk}/change", {"name": "Mara L.", "note": "Rings on Mondays"})
    web.post(f"/people/{mara.pk}/change", {"name": "Mara Lindqvist", "note": "Two machines"})
    join(by_phone, mara, by=ana)
    page = page_of(web, mara)

    assert "Two machines" in page
    assert "Rings on Mondays" in page
    assert "Ana Reyes changed the note" in page
    assert web.post(f"/people/{mara.pk}/change", {"name": " ", "note": ""}).status_code == 422


@pytest.mark.parametrize("words", ["lindq", "MARA@", "5512 345-678", "+52 155 1234 5678"])
def test_people_are_found_by_name_address_and_number(web, mara, jonas, by_phone, words):
    page = text_of(web.get("/people", {"q": words}))

    assert ("Mara L" in page, "Jonas" in page) == (True, False)


def test_the_list_has_pages_leaves_parts_out_and_says_when_nobody_fits(web, ana, mara, by_phone):
    Person.objects.bulk_create(Person(name=f"Customer {number:02}") for number in range(60))
    join(by_phone, mara, by=ana)
    first = web.get("/people")
    further = first.context["next"]

    assert "Mara L." not in text_of(first)
    assert "Mara Lindqvist" in text_of(web.get(f"/people{further}"))
    assert "holds “nobody”" in text_of(web.get("/people?q=nobody"))
    assert web.get("/people?after=broken").status_code == 422


def test_choosing_somebody_to_join_with_leads_to_what_it_would_do(web, mara, jonas):
    page = text_of(web.get(f"/people?with={mara.pk}&q=jonas"))

    assert f'href="/people/{mara.pk}/join?with={jonas.pk}"' in page


def test_the_ticket_says_who_it_is_from_and_how_else_they_wrote(web, desk, mara, ticket):
    other = cast.opened(desk, mara, "By another way")
    Message.objects.filter(ticket=other).update(channel="whatsapp")
    page = text_of(web.get(f"/tickets/{ticket.pk}"))

    assert f'href="/people/{mara.pk}"' in page
    assert "Also wrote by WhatsApp (1)" in page


def test_no_page_asks_more_because_there_is_more_to_show(web, ana, desk, mara, by_phone):
    firm = Organisation.objects.create(name="Lindqvist")
    Person.objects.update(organisation=firm)
    Person.objects.create(name="Mara Lindqvist", organisation=firm)
    paths = ["/people", f"/people/{mara.pk}", f"/people/{mara.pk}/join?with={by_phone.pk}"]
    web.get(paths[0])
    few = [_asked(web, path) for path in paths]
    for number in range(8):
        cast.opened(desk, mara, f"Ticket {number}")
        join(person_for(f"+4930123456{number}", f"P{number}", kind="phone", verified=True), mara, by=ana)
        Person.objects.create(name="Mara Lindqvist", organisation=firm)
    many = [_asked(web, path) for path in paths]

    assert max(many) <= MOST
    assert few == many


def _asked(web, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert web.get(path).status_code == 200
    return len(asked)
