"""Every section of the set-up, in the order in which they are put in: what is named comes before what names it."""

from towerdesk.setup.section import AnySection
from towerdesk.setup.sections.calendars import Calendars
from towerdesk.setup.sections.connections import Connections
from towerdesk.setup.sections.fields import Fields, Forms
from towerdesk.setup.sections.inboxes import Inboxes
from towerdesk.setup.sections.intents import Intents
from towerdesk.setup.sections.lists import Values
from towerdesk.setup.sections.macros import Macros
from towerdesk.setup.sections.policies import Policies
from towerdesk.setup.sections.procedures import Procedures
from towerdesk.setup.sections.routes import Routes, Skills
from towerdesk.setup.sections.rules import Rules
from towerdesk.setup.sections.schedules import Schedules
from towerdesk.setup.sections.settings import Lists
from towerdesk.setup.sections.teams import Teams

SECTIONS: tuple[AnySection, ...] = (
    Teams(),
    Inboxes(),
    Values("types", "type"),
    Values("areas", "area"),
    Values("resolutions", "resolution"),
    Values("handoff_reasons", "handoff"),
    Values("priorities", "priority"),
    Values("impacts", "impact"),
    Values("urgencies", "urgency"),
    Values("tags", "tag"),
    Lists(),
    Fields(),
    Intents(),
    Forms(),
    Calendars(),
    Policies(),
    Rules(),
    Schedules(),
    Skills(),
    Routes(),
    Macros(),
    Connections(),
    Procedures(),
)
BY_NAME = {section.name: section for section in SECTIONS}
