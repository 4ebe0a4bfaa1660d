"""A program does the same on many tickets."""

from towerdesk.actions.bulk_run import run
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket


def test_many_at_once_and_back(api, desk, mara, ticket):
    cast.opened(desk, mara, "The same")
    asked = {"q": "requester:mara", "actions": [{"do": "change", "priority": "high"}]}

    began = api.post("/bulk", asked)
    assert began.status_code == 202, began.content
    number = began.json()["id"]
    run(number)
    assert api.get(f"/bulk/{number}").json()["results"] == {"done": 2}
    assert {one.priority for one in Ticket.objects.all()} == {"high"}

    assert api.post(f"/bulk/{number}/undo", {}).json()["state"] == "undoing"
    run(number)
    assert {one.priority for one in Ticket.objects.all()} == {"normal"}


def test_what_cannot_be_begun(api, ticket):
    assert api.post("/bulk", {"actions": [{"do": "close"}]}).status_code == 422
    assert api.post("/bulk", {"actions": [], "tickets": [ticket.pk]}).status_code == 422
    assert api.post("/bulk", {"actions": [{"do": "close"}], "tickets": [99999999]}).status_code == 422
    assert api.get("/bulk/99").status_code == 404
