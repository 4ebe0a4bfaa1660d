"""The pages Check and Roll-out."""

import re

from towerdesk.lib.actor import CLOCK
from towerdesk.sla.save import Plan, save_policy
from towerdesk.web.tests.test_other_pages import text_of


def test_ana_reads_what_is_wrong_mends_it_and_looks_again(web, desk):
    page = text_of(web.get("/settings/check"))
    assert "Nothing is promised" in page
    assert 'href="/settings/policies/new"' in page

    save_policy(None, Plan("Standard", targets={"resolution": {"normal": 60}}, steps=[("", 0, [])]), by=CLOCK)

    page = text_of(web.get("/settings/check"))
    assert "no policy is on" not in page
    assert "Nothing is promised: none" in page


def test_the_roll_out_says_where_one_is_and_why_each_number(web, desk, leaks):
    page = text_of(web.get("/rollout"))

    assert "Phase 1, where you are" in page
    assert "Nothing has come in yet: connect an inbox." in page
    assert page.count("Why this number") == 7
    assert re.search(r"No ticket in 90 days\.", page)


def test_they_are_for_those_who_see_the_whole_desk(bens_web):
    assert bens_web.get("/settings/check").status_code == 403
    assert bens_web.get("/rollout").status_code == 403
    assert "/settings/check" not in text_of(bens_web.get("/settings"))
