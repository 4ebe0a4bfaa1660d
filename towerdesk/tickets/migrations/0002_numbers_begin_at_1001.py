from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE tickets_ticket ALTER COLUMN id RESTART WITH 1001", migrations.RunSQL.noop),
    ]
