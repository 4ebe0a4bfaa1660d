"""The journey brings it about: a job follows the event, and another one sends what waits."""

from procrastinate.contrib.django.models import ProcrastinateJob

from towerdesk import flow
from towerdesk.events.models import Event
from towerdesk.notifications.models import Post
from towerdesk.notifications.tests.conftest import told
from towerdesk.tickets.assign import assign


def test_a_job_tells_and_another_one_is_due_when_the_window_is_over(ticket, ana, ben_user):
    assign(ticket, ben_user, by=ana)
    job = ProcrastinateJob.objects.get(args__follower="notify")
    flow.STEPS["notify"](Event.objects.get(pk=job.args["event"]))

    assert job.lock == f"ticket:{ticket.pk}"
    assert told(ben_user) == ["Ana Reyes gave you this"]
    post = Post.objects.get()
    sending = ProcrastinateJob.objects.get(task_name="towerdesk.flow.post")
    assert sending.args == {"post": post.pk}
    assert abs((sending.scheduled_at - post.due_at).total_seconds()) < 5
