"""The demo's shop over real HTTP, by a good line and by a bad one: what was done is known, and nothing is done twice."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.cli.demo.shop.books import Books
from towerdesk.cli.demo.shop.connect import BASE, TOOLS
from towerdesk.cli.demo.shop.server import Shop, serving
from towerdesk.cli.demo.shop.small import JONAS, MARA, small_shop
from towerdesk.connectors.contract import TEXT, Value
from towerdesk.connectors.models import Call, Connection, ToolSetting
from towerdesk.connectors.recover import recover
from towerdesk.connectors.set_up import connect, set_tool, try_out
from towerdesk.connectors.tests.rough import Rough, rough
from towerdesk.connectors.undo import undo
from towerdesk.connectors.use import preview_use, use
from towerdesk.events.models import Event
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Refused, Trouble

TOKEN = "t" * 40
LATER = timedelta(minutes=3)
TICKET = 7
KILLS = int(os.environ.get("TOWERDESK_TEST_KILLS", "1"))
"""How often at each point, by each way of finding out: more of them, when asked for."""
READS = ("find_account", "list_orders", "get_order")


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return small_shop(tmp_path / "shop.sqlite3")


@pytest.fixture
def shop(books: Books) -> Iterator[Shop]:
    with serving(books, TOKEN) as running:
        yield running


@pytest.fixture
def line(shop: Shop) -> Iterator[Rough]:
    with rough(shop.server_address[1]) as running:
        yield running


def connected(line: Rough, settings, more: str = "", cut: str = "") -> Connection:
    settings.CONNECTOR_HOSTS = [line.host]
    text = TOOLS.read_text().replace(BASE, line.url).replace("error: error", f"error: error\n{more}", 1)
    text = "".join(part for part in text.splitlines(keepends=True) if not cut or not part.startswith(cut))
    known = Connection.objects.filter(slug="shop").first()
    made = connect(
        known, name="Shop", kind="http", settings={TEXT: text}, secrets={"token": TOKEN}, hosts=[line.host], by=CLOCK
    )
    ToolSetting.objects.update(enabled=True, approval="never")
    return made


@pytest.fixture
def desk_and_shop(db, line: Rough, settings) -> Rough:
    connected(line, settings)
    return line


def say(tool: str, key: str = "", person: tuple[str, ...] = (MARA, "C-1"), by=THE_ASSISTANT, **given: Value) -> Call:
    return use(f"shop.{tool}", given, key=key or f"{tool}-{Call.objects.count()}", by=by, ticket=TICKET, person=person)


def found(order: str = "B-20003") -> dict[str, Value]:
    """The order and its account, as reading them says."""
    read = say("get_order", order=Value(order, "customer"))
    account = say("find_account", mail=Value(MARA, "requester"))
    return {"order": Value(order, "tool", str(read.pk)), "account": Value("C-1", "tool", str(account.pk))}


KNOWN = {"order": Value("B-20003", "agent"), "account": Value("C-1", "requester")}
"""Said by an agent and by the server, which knows Mara by her address and by her account."""


def refund(key: str = "refund", amount: str = "12.50", **more) -> Call:
    return say("refund_order", key, amount=Value(amount, "procedure"), **(KNOWN | more))


def refunds(books: Books) -> list[int]:
    with books.open() as link:
        return [row["amount"] for row in link.execute("SELECT amount FROM refunds ORDER BY refund").fetchall()]


def test_a_refund_is_made_read_back_and_written_down(desk_and_shop, books):
    call = refund(**found())

    assert (call.state, call.checked, refunds(books)) == ("done", "yes", [1250])
    assert call.sentence.startswith("12.50 of order B-20003 go back by ")
    assert call.preview["sentence"] == "Refund 12.50 of order B-20003 to the card of Mara Lindqvist"
    assert call.preview["changes"] == [
        {"what": "Goes back", "was": "", "now": "12.50"},
        {"what": "Refunded before", "was": "", "now": "0.00 of 361.00"},
    ]
    assert call.result["external_id"] == "RF-7001"


def test_what_the_shop_refuses_is_said_in_its_words(desk_and_shop, books):
    call = refund(amount="9999.00")

    assert (call.state, call.again, refunds(books)) == ("failed", False, [])
    assert call.note == "Refund an order: Only 361.00 of order B-20003 can still be refunded."


def test_nobody_reads_another_persons_order(desk_and_shop):
    call = say("get_order", order=Value("B-20005", "customer"))

    assert (call.state, call.content) == ("failed", None)
    assert "belongs to somebody else" in call.note
    assert JONAS not in str(call.result) + str(call.note)


def test_an_order_number_that_only_the_customer_said_moves_no_money(desk_and_shop, books):
    with pytest.raises(Refused):
        refund(order=Value("B-20003", "customer"))
    assert refunds(books) == []


def test_another_persons_account_is_refused_by_the_desk_and_by_the_shop(desk_and_shop, books, ana):
    for source in ("requester", "tool"):
        with pytest.raises(Refused):
            refund(account=Value("C-2", source, "1"))

    call = say(
        "refund_order",
        by=ana,
        amount=Value("5", "agent"),
        order=Value("B-20003", "agent"),
        account=Value("C-2", "agent"),
    )

    assert (call.state, refunds(books)) == ("failed", [])


def test_an_address_is_changed_and_changed_back(desk_and_shop, books, ana):
    there = {"street": Value("Ängsvägen 1", "customer"), "city": Value("Uppsala", "customer")}
    call = say("change_delivery_address", **found("B-20001"), **there)
    assert (call.state, call.checked) == ("done", "yes")

    back = undo(call, by=ana)

    call.refresh_from_db()
    assert (back.state, call.state, back.content["street"]) == ("done", "undone", "Hamngatan 4")


@pytest.mark.parametrize(
    ("tool", "given", "undone"),
    [
        ("pause_subscription", {"until": "20 days"}, "active"),
        ("change_plan", {"blend": "Meadow", "every_weeks": "4"}, "active"),
        ("cancel_subscription", {}, ""),
    ],
)
def test_beans_are_paused_changed_and_ended(desk_and_shop, ana, tool, given, undone):
    beans = say("get_subscription", subscription=Value("S-0001", "customer"))
    day = (clock.now() + timedelta(days=20)).date().isoformat()
    values = {name: Value(day if value == "20 days" else value, "customer") for name, value in given.items()}
    whose = {"subscription": Value("S-0001", "tool", str(beans.pk)), "account": Value("C-1", "tool", str(beans.pk))}
    call = say(tool, **whose, **values)
    assert (call.state, call.checked) == ("done", "yes")

    if undone:
        undo(call, by=ana)
        assert say("get_subscription", subscription=Value("S-0001", "customer")).content["blend"] == "Harbour"


def test_a_preview_is_not_the_deed(desk_and_shop, books):
    seen = preview_use("shop.cancel_order", found("B-20001"), by=THE_ASSISTANT, ticket=TICKET, person=MARA)

    assert seen.sentence == "Cancel order B-20001; 361.00 go back"
    assert [(one.what, one.was, one.now) for one in seen.changes] == [
        ("Status", "confirmed", "cancelled"),
        ("Refunded", "0.00", "361.00"),
    ]
    assert refunds(books) == []


@pytest.mark.parametrize(
    ("does", "state", "times"),
    [
        ("503", "claimed", 0),
        ("500", "claimed", 0),
        ("500 after", "done", 1),
        ("cut", "claimed", 0),
        ("cut after", "done", 1),
        ("hang", "claimed", 0),
        ("hang after", "done", 1),
        ("huge after", "done", 1),
        ("redirect", "failed", 0),
    ],
)
def test_a_bad_line_never_doubles_a_refund(db, line, settings, books, does, state, times):
    connected(line, settings, "seconds: 2" if does.startswith("hang") else "")
    line.does = [does]
    call = refund()
    assert (call.state, len(refunds(books))) == (state, times)

    if state == "claimed":
        with clock.at(clock.now() + LATER):
            recover()
            assert refund().state == "done"
        assert refunds(books) == [1250]


def test_a_system_that_can_not_say_is_called_again_where_the_same_key_is_one_effect(db, line, books, settings):
    connected(line, settings, cut="look_up:")
    line.does = ["cut after"]
    call = refund()
    assert call.state == "claimed"

    with clock.at(clock.now() + LATER):
        recover()

    call.refresh_from_db()
    assert (call.state, refunds(books)) == ("done", [1250])


def test_a_system_without_keys_is_asked_by_a_person(db, line, books, settings):
    connected(line, settings, cut="key:")
    line.does = ["cut after"]

    call = refund()

    assert (call.state, refund().pk, refunds(books)) == ("unknown", call.pk, [1250])
    assert Event.objects.filter(kind="tool.unknown", ticket_id=TICKET).count() == 1


def test_a_system_that_is_away_is_no_disaster(desk_and_shop, line, books):
    line.shutdown()
    line.server_close()

    call = refund()

    assert (call.state, call.again) == ("failed", True)
    with pytest.raises(Trouble):
        try_out(Connection.objects.get(), by=CLOCK)
    assert Connection.objects.get().trouble


@pytest.mark.django_db(transaction=True)
def test_however_many_say_the_same_at_once_it_is_done_once(line, books, settings):
    connected(line, settings)
    given = KNOWN | {"amount": Value("12.50", "procedure")}
    ready, states = Barrier(6), []

    def ask(key: str) -> None:
        ready.wait()
        try:
            states.append(say("refund_order", key, **given).state)
        except Refused:
            states.append("refused")
        finally:
            connection.close()

    at_once([Thread(target=ask, args=("same",)) for _ in range(6)])
    assert (refunds(books), set(states) <= {"done", "claimed"}) == ([1250], True)

    set_tool("shop.refund_order", most_a_day=3, by=CLOCK)
    states.clear()
    at_once([Thread(target=ask, args=(f"other-{number}",)) for number in range(6)])
    assert (len(refunds(books)), sorted(states)) == (3, ["done"] * 2 + ["refused"] * 4)


def at_once(threads: list[Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
def test_kill_9_between_the_call_and_its_record_never_doubles_a_refund(line, books, settings):
    """Before the effect, after it, and at the very moment of writing it down; by what the shop can tell of a key."""
    for knows, cut in (("look_up", ""), ("key", "look_up:"), ("nothing", "key:")):
        connected(line, settings, cut=cut)
        given = KNOWN | {"amount": Value("1.00", "procedure")}
        for number, where in product(range(KILLS), ("kill", "kill after", "record")):
            before, key = len(refunds(books)), f"{knows} {where} {number}"
            killed(line, where, lambda key=key, given=given: say("refund_order", key, **given))
            call = Call.objects.get(key=key)
            happened = where != "kill"
            assert (call.state, len(refunds(books)) - before) == ("claimed", int(happened)), key
            found_out(call, knows, happened, given)
            assert len(refunds(books)) - before == int(happened or knows != "nothing"), key


def found_out(call: Call, knows: str, happened: bool, given: dict[str, Value]) -> None:
    """By the clock, and again by whoever wanted it and asks with the same key."""
    with clock.at(clock.now() + LATER):
        recover()
        call.refresh_from_db()
        if knows == "nothing":
            assert (call.state, say("refund_order", call.key, **given).state) == ("unknown", "unknown")
            assert Event.objects.filter(kind="tool.unknown", subject_id=call.pk, ticket_id=TICKET).count() == 1
        else:
            assert call.state == ("done" if happened or knows == "key" else "failed")
            assert say("refund_order", call.key, **given).state == "done"


def killed(line: Rough, where: str, does: Callable[[], object]) -> None:
    """A process of its own does it, and is killed: by the line, or while it waits for the row that it is to write."""
    connection.close()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.read(reader, 1)
            print("It was not killed, and got", does(), file=sys.stderr, flush=True)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    line.victim, line.does = child, ["hold after" if where == "record" else where]
    os.write(writer, b"!")
    if where == "record":
        _kill_at_the_record(child, line)
    _, status = os.waitpid(child, 0)
    os.close(reader)
    os.close(writer)
    assert os.WIFSIGNALED(status)


def _kill_at_the_record(child: int, line: Rough) -> None:
    """The row is held while the shop's answer comes, so the process stands before it with the answer in its hands."""
    assert line.held.wait(20)
    with transaction.atomic():
        Call.objects.select_for_update().get(state="claimed")
        line.go.set()
        for _ in range(1000):
            if _somebody_waits():
                break
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
    line.held.clear()
    line.go.clear()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it would look only once
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])
