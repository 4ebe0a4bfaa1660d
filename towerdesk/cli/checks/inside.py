"""What the database knows: server, tables, worker, queue, mail that waits or failed, inboxes in trouble."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from towerdesk.channels.models import Inbox
from towerdesk.cli.checks import Finding
from towerdesk.cli.checks.pooler import changes_connections
from towerdesk.connectors.models import Connection
from towerdesk.connectors.wanted import lacking
from towerdesk.intake.models import Raw
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Message

SILENT = timedelta(seconds=30)
LATE = timedelta(minutes=10)


POOLER = (
    "A pooler lends a connection for one transaction only: jobs are not heard of, and locks are left behind. "
    "Let DATABASE_URL name the server itself, or a pool in session mode."
)


def look() -> Iterator[Finding]:
    if changes_connections():
        yield Finding("bad", "PostgreSQL", POOLER)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), array(SELECT extname::text FROM pg_extension)")
        version, extensions = cursor.fetchone()
    yield Finding("good", "PostgreSQL", f"Version {version} answers.")
    yield _extensions(set(extensions))
    missing = _missing_tables()
    yield missing
    if missing.state == "good":
        for question in QUESTIONS:
            yield question()


def _extensions(found: set[str]) -> Finding:
    if missing := {"pg_trgm", "unaccent", "btree_gin"} - found:
        return Finding("bad", "Extensions", f"{', '.join(sorted(missing))} must be made by the owner of the database.")
    vector = "vector too" if "vector" in found else "without vector, which is only needed above 100,000 articles"
    return Finding("good", "Extensions", f"All are here, {vector}.")


def _missing_tables() -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        return Finding("bad", "Tables", f"{len(plan)} changes are missing: “towerdesk db migrate” makes them.")
    return Finding("good", "Tables", "Up to date.")


def _worker() -> Finding:
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gt=now() - SILENT).count()
    if alive:
        return Finding("good", "Worker", f"{alive} at work.")
    waiting = ProcrastinateJob.objects.filter(status="todo", scheduled_at__isnull=True).count()
    return Finding("bad" if waiting else "note", "Worker", f"None is at work, {waiting} jobs wait: start the desk.")


def _jobs() -> Finding:
    failed = ProcrastinateJob.objects.filter(status="failed")
    last = failed.order_by("-id").values_list("task_name", flat=True).first()
    if last:
        return Finding("bad", "Jobs", f"{failed.count()} failed, the last was {last}: the worker's log says why.")
    return Finding("good", "Jobs", "None failed.")


def _mail_in() -> Finding:
    failed = Raw.objects.filter(state="failed").count()
    waiting = Raw.objects.unfinished().filter(arrived_at__lt=now() - LATE).count()
    if failed or waiting:
        return Finding(
            "bad", "Mail in", f"{failed} could not be read, {waiting} wait since over ten minutes; none is lost."
        )
    return Finding("good", "Mail in", "All that arrived is on a ticket or set aside.")


def _mail_out() -> Finding:
    late = Message.objects.filter(delivery="queued", created_at__lt=now() - LATE).exclude(send_after__gt=now()).count()
    trouble = Message.objects.filter(delivery__in=("failed", "unsure")).count()
    if late or trouble:
        return Finding(
            "bad",
            "Mail out",
            f"Replies that wait since over ten minutes: {late}; that failed or are unsure: {trouble}.",
        )
    return Finding("good", "Mail out", "No reply waits.")


def _inboxes() -> Finding:
    known = list(Inbox.objects.all())
    if not known:
        return Finding("note", "Inboxes", "There is none yet: mail to the SMTP door has nowhere to go.")
    ill = [f"{inbox.name}: {inbox.trouble}" for inbox in known if inbox.trouble]
    return Finding("bad" if ill else "good", "Inboxes", " ".join(ill) or f"{len(known)} without trouble.")


def _connections() -> Finding:
    """What they lack is named, never a secret itself."""
    known = list(Connection.objects.filter(active=True))
    ill = [f"{one}: {one.trouble}" for one in known if one.trouble]
    ill += [f"{one} lacks the secret {name}." for one in known for name in lacking(one)]
    return Finding("bad" if ill else "good", "Connections", " ".join(ill) or f"{len(known)} without trouble.")


QUESTIONS: tuple[Callable[[], Finding], ...] = (_worker, _jobs, _mail_in, _mail_out, _inboxes, _connections)
