"""The desk's text search (no stemming, no accents; 150,000 characters at most, under PostgreSQL's limit of 1 MB),
and a notification for every event, so that live screens hear of it when it is committed."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

SEARCH = """
CREATE FUNCTION towerdesk_search(heading text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector('pg_catalog.simple'::regconfig,
    public.unaccent('public.unaccent'::regdictionary, left(coalesce(heading, '') || ' ' || coalesce(body, ''), 150000)))
$$;
CREATE FUNCTION towerdesk_query(words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT websearch_to_tsquery('pg_catalog.simple'::regconfig, public.unaccent('public.unaccent'::regdictionary, left(words, 1000)))
$$;
"""
NOTIFY = """
CREATE FUNCTION towerdesk_event_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('towerdesk_events', json_build_object('id', NEW.id, 'kind', NEW.kind, 'ticket', NEW.ticket_id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER towerdesk_event_notify AFTER INSERT ON events_event FOR EACH ROW EXECUTE FUNCTION towerdesk_event_notify();
"""
UNDO_NOTIFY = "DROP TRIGGER towerdesk_event_notify ON events_event; DROP FUNCTION towerdesk_event_notify();"


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunSQL(SEARCH, "DROP FUNCTION towerdesk_search(text, text); DROP FUNCTION towerdesk_query(text);"),
        migrations.RunSQL(NOTIFY, UNDO_NOTIFY),
    ]
