from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insights', '0002_first_reply'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticketfact',
            name='handoffs',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='ticketfact',
            name='hands',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='ticketfact',
            name='held_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=80),
        ),
        migrations.AddField(
            model_name='ticketfact',
            name='held_since',
            field=models.DateTimeField(null=True),
        ),
    ]
