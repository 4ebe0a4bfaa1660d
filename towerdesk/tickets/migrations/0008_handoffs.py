import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import towerdesk.lib.clock


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0007_taxonomy'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Handoff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('functional', 'To another team'), ('hierarchical', 'Up, to a lead or the next level')], default='functional', max_length=12)),
                ('from_id', models.BigIntegerField()),
                ('from_name', models.CharField(max_length=80)),
                ('to_id', models.BigIntegerField()),
                ('to_name', models.CharField(max_length=80)),
                ('reason', models.CharField(max_length=60)),
                ('note', models.TextField()),
                ('state', models.CharField(choices=[('asked', 'Not accepted yet'), ('accepted', 'Accepted'), ('returned', 'Sent back'), ('withdrawn', 'Taken back')], default='asked', max_length=9)),
                ('asked_by', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField(default=towerdesk.lib.clock.now)),
                ('accept_by', models.DateTimeField()),
                ('answer_due', models.DateTimeField(null=True)),
                ('answered_by', models.CharField(blank=True, max_length=200)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('from_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handoffs', to='tickets.ticket')),
                ('to_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('ticket',), name='one_handoff_waits'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('note', ''), _negated=True)), name='handoff_says_why')],
            },
        ),
    ]
