"""Mara fills in the repair form: what becomes of it, what is refused, what is set aside."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from towerdesk.channels.models import Inbox
from towerdesk.events.models import Event
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.intake.replay import put_on_ticket
from towerdesk.knowledge.publish import publish
from towerdesk.knowledge.write import write
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.files import read
from towerdesk.portal.uploads import MOST_PER_HOUR
from towerdesk.tickets.models import Attachment, Confirmation, Form, Message, Ticket
from towerdesk.tickets.taxonomy.retire import retire
from towerdesk.tickets.taxonomy.shape_fields import save_field, save_form


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_form_becomes_a_ticket_that_says_which_form_and_that_the_address_was_typed(fill):
    page = fill(**{"field.machine": "solo-2", "field.serial": "S2-7781"})

    ticket = Ticket.objects.get()
    assert (ticket.form, ticket.fields, ticket.requester.name) == (
        "repair",
        {"machine": "solo-2", "serial": "S2-7781"},
        "Mara Lindqvist",
    )
    message = Message.objects.get()
    assert (message.channel, message.sender, message.trust["verified"]) == ("webform", "mara@lindqvist.example", False)
    assert message.trust["sentence"] == "The address was typed in, not checked. Came by the form “Repair”."
    assert f"Its number is {ticket.number}." in text_of(page)
    assert "A confirmation is on its way to mara@lindqvist.example" in text_of(page)
    assert "We look at it within a day." in text_of(page)
    assert Raw.objects.get().state == "ticket"


def test_what_a_condition_leaves_out_is_neither_demanded_nor_taken(fill):
    fill(**{"field.serial": "left over", "field.bought": "2026-01-02"})

    assert Ticket.objects.get().fields == {"machine": "grinder"}


def test_what_is_missing_is_named_in_one_sentence_and_what_was_typed_is_kept(fill, client):
    page = fill(**{"field.machine": "duo", "text": "", "subject": "It hums & leaks"})

    assert page.status_code == 422
    said = text_of(page)
    assert "Please fill in “What happened, or what would you like to know” and “Serial number”." in said
    assert 'value="It hums &amp; leaks"' in said
    assert 'value="mara@lindqvist.example"' in said
    assert not Raw.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "mara at home"}, "Please check your mail address"),
        ({"field.machine": "toaster"}, "“Machine”: please choose one of the list."),
        ({"field.machine": "duo", "field.serial": "1", "field.bought": "yesterday"}, "“Bought on” is a date"),
        ({"text": "x" * 20_001}, "That is more than we can take"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_change(fill, typed, said):
    page = fill(**typed)

    assert page.status_code == 422
    assert said in text_of(page)
    assert not Raw.objects.exists()


def test_files_are_kept_by_harmless_names_and_outlive_a_refusal(fill, client):
    photo = SimpleUploadedFile("../../drip photo.png", b"\x89PNG not really", "text/html")
    refused = fill(text="", files=[photo, SimpleUploadedFile("note.weird", b"abc")])
    assert "drip photo.png" in text_of(refused)
    kept = [signed for _, signed in refused.context["kept"]]

    fill(kept=kept)

    files = list(Attachment.objects.order_by("pk"))
    assert [(file.name, file.type) for file in files] == [
        ("drip photo.png", "image/png"),
        ("note.weird", "application/octet-stream"),
    ]
    assert read(files[0].path) == b"\x89PNG not really"


def test_too_many_too_large_and_active_files_are_refused(fill, form, ana):
    save_form("repair", name="Repair", asks=form.asks, page=form.page | {"files": 1, "megabytes": 1}, by=ana)
    one, two = SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")

    assert "Please send at most 1 files." in text_of(fill(files=[one, two]))
    assert "“big.txt” is too large" in text_of(fill(files=[SimpleUploadedFile("big.txt", b"x" * (2**20 + 1))]))
    for name, content in (
        ("page.html", b"<p>"),
        ("photo.png.exe", b"x"),
        ("photo.png", b"MZ\x90"),
        ("a.svg", b"<svg/>"),
    ):
        assert "is a kind of file that we do not take" in text_of(fill(files=[SimpleUploadedFile(name, content)]))
    assert "more than 1 MB in all" in text_of(fill(files=[SimpleUploadedFile("vast.txt", b"x" * 5 * 2**20)]))


@pytest.mark.parametrize(
    ("signs", "reason"),
    [
        ({"company_fax": "030 1234"}, "A field was filled in that people do not see."),
        ({"after": 1}, "It was sent 1 s after the page was drawn: nobody writes so quickly."),
        ({"page": "repair.abc"}, "It did not come from a page that we gave out."),
        ({"after": 5, "proof": ""}, "Its browser did no work for it, and it was sent 5 s after the page was drawn."),
        ({"after": 4 * 24 * 3600}, "Its page was drawn 4 days before it was sent."),
    ],
)
def test_what_looks_like_a_machine_is_set_aside_with_its_reason_and_can_be_taken_in(fill, ana, signs, reason):
    page = fill(**signs)

    raw = Raw.objects.get()
    assert (raw.state, raw.reason, raw.sender, raw.subject) == (
        "set_aside",
        reason,
        "mara@lindqvist.example",
        "Group head drips",
    )
    assert "A person looks at it first" in text_of(page)

    put_on_ticket(raw, by=ana)

    ticket = Ticket.objects.get()
    assert (ticket.form, ticket.fields) == ("repair", {"machine": "grinder"})


def test_a_browser_without_scripts_gets_through_but_not_many_of_them(fill):
    for number in range(4):
        fill(proof="", after=40, email=f"mara{number}@lindqvist.example")

    assert list(Raw.objects.order_by("pk").values_list("state", flat=True)) == ["ticket"] * 3 + ["set_aside"]
    assert "3 such forms came from its network" in Raw.objects.latest("pk").reason


def test_work_gets_dearer_with_the_rate_of_a_network_and_ends_at_a_ceiling(fill, client):
    asked = []
    for number in range(21):
        asked.append(client.get("/help/ask/repair").context["drawn"].bits)
        fill(email=f"someone{number}@weber.example", proof="" if number > 3 else None)

    assert asked[0] == 14
    assert asked[:6] == sorted(asked[:6])
    assert asked[5] > asked[0]
    assert Raw.objects.latest("pk").reason == "More than 20 forms came from the network 127.0.0.0/24 within an hour."
    with clock.at(clock.now() + timedelta(hours=2)):
        assert client.get("/help/ask/repair").context["drawn"].bits == 14


def test_a_network_brings_only_so_many_files_an_hour(fill):
    cache.set("webform-files:127.0.0.0/24", MOST_PER_HOUR, 3600)
    refused = fill(files=[SimpleUploadedFile("a.txt", b"a")])
    cache.clear()

    assert "Too many forms came from your network" in text_of(refused)
    assert not Raw.objects.exists()


def test_a_worker_that_comes_second_makes_no_second_ticket(fill):
    fill()
    raw = Raw.objects.get()

    assert accept(raw.pk) is None
    Raw.objects.update(state="stored")
    accept(raw.pk)

    assert Ticket.objects.count() == 1
    raw.refresh_from_db()
    assert raw.reason.startswith("The same page was sent before")


def test_the_same_page_sent_twice_is_one_request(fill, client):
    token = client.get("/help/ask/repair").context["drawn"].token
    first, second = fill(page=token, proof="", after=60), fill(page=token, proof="", after=61)

    ticket = Ticket.objects.get()
    assert str(ticket.number) in text_of(first)
    assert str(ticket.number) in text_of(second)
    assert Raw.objects.latest("pk").reason == f"The same page was sent before: it is on ticket {ticket.number}."


def test_a_form_that_changed_meanwhile_loses_nothing(fill, form, ana):
    fill(company_fax="x", **{"field.machine": "duo", "field.serial": "D-1"})
    retire(form, by=ana)

    put_on_ticket(Raw.objects.get(), by=ana)

    ticket = Ticket.objects.get()
    assert ticket.form == ""
    assert "serial: D-1" in Message.objects.get().text


def test_nobody_learns_on_the_web_whom_we_know(fill, form, ana, jonas):
    save_field("colleague", name="Colleague", kind="person", by=ana)
    save_form("repair", name="Repair", asks=[{"ask": "colleague"}], page=form.page, by=ana)

    known = fill(**{"field.colleague": "jonas@weber.example"})
    unknown = fill(**{"field.colleague": "nobody@weber.example"})

    assert known.status_code == unknown.status_code == 200
    first, second = Ticket.objects.order_by("pk")
    assert first.fields == {"colleague": "jonas@weber.example"}
    assert second.fields == {}
    assert "Colleague: nobody@weber.example" in second.messages.get().text


def test_the_page_around_it_is_told_without_its_secrets(fill):
    fill(page_address="https://me:pw@shop.example/solo?token=1#x", page_title="Solo 2")

    assert Message.objects.get().trust["page"] == {"address": "https://shop.example/solo", "title": "Solo 2"}
    assert "The form stood on “Solo 2”, https://shop.example/solo." in Message.objects.get().trust["sentence"]


def test_a_page_that_makes_no_sense_is_no_page(fill):
    assert fill(page_address="http://[").status_code == 200
    assert "page" not in Message.objects.get().trust


def test_only_the_named_sites_may_frame_it_and_no_other_page(client, form):
    page = client.get("/help/ask/repair")
    assert "frame-ancestors https://shop.example;" in page.headers["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"

    for other in ("/help/", "/help/ask/none", "/help/ask?lang=xx"):
        answer = client.get(other)
        assert answer.headers["X-Frame-Options"] == "DENY", other
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_without_sites_it_is_never_in_a_frame(client, form, ana):
    save_form("repair", name="Repair", page={"public": True}, by=ana)

    page = client.get("/help/ask/repair")

    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_one_chooses_among_several_and_sees_only_public_ones(client, form, ana):
    assert client.get("/help/ask").headers["Location"] == "/help/ask/repair"
    save_form("rechnung", name="Rechnung", page={"public": True, "language": "de"}, by=ana)
    save_form("inner", name="Only for us", by=ana)

    english, german = (
        text_of(client.get("/help/ask")),
        text_of(client.get("/help/ask", headers={"Accept-Language": "de-AT,en"})),
    )

    assert "Repair" in english
    assert "Only for us" not in english
    assert '<html lang="de"' in german
    assert "Worum geht es?" in german
    assert client.get("/help/ask/inner").status_code == 404
    assert "Schreiben Sie uns" in text_of(client.get("/help/ask/rechnung"))


def test_who_works_here_may_try_a_form_that_is_not_public(client, form, ana_user, ana):
    save_form("inner", name="Only for us", by=ana)
    client.force_login(ana_user)

    assert "the form is not public yet" in text_of(client.get("/help/ask/inner"))


def test_articles_answer_while_one_types_and_an_answer_counts(client, form):
    article = write(None, "Leaks after descaling", "Turn **the ring** by half.", by=CLOCK)
    publish(article, by=CLOCK)
    secret = write(None, "Leaks: what we pay", "Descaling leaks cost us.", audience="internal", by=CLOCK)
    publish(secret, by=CLOCK)

    part = text_of(client.get("/help/ask/repair/answers?q=My Solo leaks after descaling"))
    assert "Leaks after descaling" in part
    assert "<strong>the ring</strong>" in part
    assert "what we pay" not in part
    assert text_of(client.get("/help/ask/repair/answers?q=Where does my parcel stay?")) == ""

    token = client.get("/help/ask/repair").context["drawn"].token
    said = client.post("/help/ask/repair/answered", {"slug": article.slug, "page": token})
    assert said.status_code == 204
    assert Event.objects.get(kind="article.judged").data["helped"] is True
    assert client.post("/help/ask/repair/answered", {"slug": article.slug, "page": "x"}).status_code == 422
    assert not Ticket.objects.exists()


def test_a_desk_without_an_inbox_says_so_and_keeps_what_was_typed(fill, desk):
    Inbox.objects.all().delete()

    page = fill()

    assert page.status_code == 503
    assert "Please write us a mail" in text_of(page)
    assert "Group head drips" in text_of(page)


def test_the_thank_you_page_tells_the_address_for_an_hour_only(fill, client):
    place = fill().redirect_chain[-1][0]

    with clock.at(clock.now() + timedelta(hours=2)):
        later = text_of(client.get(place))
    assert "mara@lindqvist.example" not in later
    assert "Its number is" in later
    other = place[:-1] + ("x" if place[-1] != "x" else "y")
    assert client.get(other).status_code == 404


def test_addresses_that_flood_or_are_ours_are_not_confirmed(fill):
    for _ in range(4):
        fill()
    fill(email="support@brasswell.example")

    outcomes = list(Confirmation.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["", "", "", "unsent", "unsent"]
    told = Event.objects.filter(kind="form.unconfirmed").order_by("pk").values_list("data__why", flat=True)
    assert list(told) == ["It got 3 confirmations within an hour.", "It is an address of ours."]


def test_a_form_asks_few_questions_of_the_database(client, form, django_assert_max_num_queries):
    client.get("/help/ask/repair")
    with django_assert_max_num_queries(15):
        client.get("/help/ask/repair")
    assert Form.objects.get().page["public"]
