"""What a person found in a case, and who has taken it. The defaults are the database's: a release before this one, and
the turn's one statement, open cases without naming these columns."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0002_walls'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='outcome',
            field=models.CharField(blank=True, choices=[('allowed', 'Allowed'), ('upheld', 'Upheld')], db_default='', default='', editable=False, help_text='empty: open', max_length=8),
        ),
        migrations.AddField(
            model_name='case',
            name='finding',
            field=models.TextField(blank=True, db_default='', default='', editable=False, max_length=2000),
        ),
        migrations.AddField(
            model_name='case',
            name='decided_by',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name='case',
            name='claimed_by',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name='case',
            name='claimed_until',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['artist', 'closed_at'], include=['kind', 'outcome'], name='moderation_case_closed'),
        ),
    ]
