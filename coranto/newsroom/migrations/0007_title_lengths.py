"""What the search index weighs titles by, in one row; and two indexes, so that publishing stays level as articles add up.

The clock looks every few seconds for the few pages whose time is over. And a page is looked for by its slug among those
beside it, for a reader and twice whenever it is saved: SQLite, which keeps no statistics, would go through all of these. Written as
SQL, for pages are not our model; both databases read it alike.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom', '0006_articles_by_embargo'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='TitleLengths',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.BigIntegerField(default=0)),
                ('total', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(
            'CREATE INDEX newsroom_page_expires ON wagtailcore_page (expire_at) WHERE expire_at IS NOT NULL',
            'DROP INDEX newsroom_page_expires',
        ),
        migrations.RunSQL(
            'CREATE INDEX newsroom_page_slug ON wagtailcore_page (slug, depth, path)',
            'DROP INDEX newsroom_page_slug',
        ),
    ]
