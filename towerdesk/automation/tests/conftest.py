"""Ana, who leads Repairs, and rules as she would write them."""

import pytest

from towerdesk.automation.rules.save import Draft, save_rule
from towerdesk.automation.rules.switch import switch


@pytest.fixture
def written(ana, ana_user):
    """Call it: Ana saves a rule, and switches it on unless told otherwise."""

    def write(name, condition="", actions=({"do": "tag", "add": ["seen"]},), *, on=True, **more):
        rule = save_rule(
            None, Draft(name, condition=condition, actions=list(actions), **{"owner": ana_user, **more}), by=ana
        )
        if on:
            switch(rule, on=True, by=ana)
        return rule

    return write
