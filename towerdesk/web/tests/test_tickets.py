from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.resolve import resolve


def rows(client, query=""):
    page = client.get(f"/tickets{query}").content.decode()
    return [piece.split('"', 1)[0] for piece in page.split('class="row-link" href="/tickets/')[1:]]


def test_all_tickets_newest_first(web, desk, mara):
    one, two = cast.opened(desk, mara, "First"), cast.opened(desk, mara, "Second")

    assert rows(web) == [str(two.pk), str(one.pk)]


def test_my_tickets(web, ana, ana_user, desk, mara):
    mine, _ = cast.opened(desk, mara), cast.opened(desk, mara)
    assign(mine, ana_user, by=ana)

    assert rows(web, "?view=mine") == [str(mine.pk)]


def test_words_are_found_and_the_place_is_shown(web, desk, mara):
    found = cast.opened(desk, mara, "Pump", "Since the descaling it whistles like a kettle.")
    cast.opened(desk, mara, "Other", "Where is my parcel?")
    page = web.get("/tickets?q=whistles").content.decode()

    assert rows(web, "?q=whistles") == [str(found.pk)]
    assert "<mark>whistles</mark>" in page


def test_conditions_and_picked_values_go_together(web, ana, desk, mara):
    done, _ = cast.opened(desk, mara), cast.opened(desk, mara)
    resolve(done, "turned the ring", by=ana)

    assert rows(web, "?q=is:resolved") == [str(done.pk)]
    assert rows(web, "?status=resolved&team=repairs") == [str(done.pk)]
    assert rows(web, "?status=resolved&team=billing") == []


def test_a_search_that_makes_no_sense_is_explained(web, desk):
    answer = web.get("/tickets?q=prioritee:high")

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_pages_stay_put_while_tickets_come_in(web, desk, mara, monkeypatch):
    for number in range(53):
        cast.opened(desk, mara, f"Drip {number}")
    page = web.get("/tickets?view=all").content.decode()
    further = page.split('href="?view=all&amp;after=', 1)[1].split('"', 1)[0]
    cast.opened(desk, mara, "Newest of all")

    second = rows(web, f"?view=all&after={further}")

    assert len(second) == 3
    assert not set(second) & set(rows(web, "?view=all"))


def test_nothing_found_is_a_sentence(web, desk):
    assert "No ticket that you may read fits" in web.get("/tickets?q=zzz").content.decode()
