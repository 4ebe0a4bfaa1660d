"""Whether somebody writes a reply or a note. Whoever is here says it again within seconds, so nothing is carried over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_web_forms")]

    operations = [
        migrations.RemoveField("presence", "writing"),
        migrations.AddField(
            "presence",
            "writing",
            models.CharField(blank=True, choices=[("reply", "Reply"), ("note", "Note")], default="", max_length=5),
        ),
    ]
