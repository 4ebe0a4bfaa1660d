from towerdesk.problems.models.banner import Banner
from towerdesk.problems.models.bug import Bug, Weighing
from towerdesk.problems.models.issue import Comment, Delivery, Issue, Push
from towerdesk.problems.models.surge import Member, Sighting, Surge
from towerdesk.problems.models.telling import Telling, Told

__all__ = [
    "Banner",
    "Bug",
    "Comment",
    "Delivery",
    "Issue",
    "Member",
    "Push",
    "Sighting",
    "Surge",
    "Telling",
    "Told",
    "Weighing",
]
