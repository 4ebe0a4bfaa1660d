"""A message is also found by who sent it: name, whole address, and the address's parts."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

import towerdesk.tickets.models.message

FUNCTION = """
CREATE FUNCTION towerdesk_message_search(direction text, author text, sender text, subject text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT public.towerdesk_search(
    CASE WHEN direction = 'in' THEN
      author || ' ' || sender || ' ' || split_part(sender, '@', 2) || ' ' || translate(sender, '@.-_+', '     ')
    ELSE '' END || ' ' || subject, body)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_numbers_begin_at_1001")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION towerdesk_message_search(text, text, text, text, text)"),
        migrations.RemoveIndex(model_name="message", name="message_search"),
        migrations.RemoveField(model_name="message", name="search"),
        migrations.AddField(
            model_name="message",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=towerdesk.tickets.models.message.SearchText(
                    models.F("direction"),
                    models.F("author_name"),
                    models.F("sender"),
                    models.F("subject"),
                    models.F("visible"),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["search"], name="message_search"),
        ),
    ]
