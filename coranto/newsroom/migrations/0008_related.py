"""What leads from one article to others, and the terms by which it is found; articles already published wait for it.

They are put in line as SQL, so that an archive takes one statement; the worker goes through them afterwards.
"""

import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models

WAITING = """
    INSERT INTO newsroom_articletorelate (article_id, step, turn)
    SELECT newsroom_article.page_ptr_id, 0, 1
    FROM newsroom_article JOIN wagtailcore_page ON wagtailcore_page.id = newsroom_article.page_ptr_id
    WHERE wagtailcore_page.live AND newsroom_article.visibility = 'public'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom', '0007_title_lengths'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadNext',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('article', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='read_next', to='newsroom.article')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='newsroom.article', verbose_name='article')),
            ],
            options={
                'verbose_name': 'article to read next',
                'verbose_name_plural': 'articles to read next',
                'ordering': ['sort_order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('article', 'other'), name='read_next_once')],
            },
        ),
        migrations.CreateModel(
            name='RelatedArticle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nearness', models.FloatField()),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='related', to='newsroom.article')),
                ('other', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='related_to', to='newsroom.article')),
            ],
            options={
                'indexes': [models.Index(models.F('other'), models.OrderBy(models.F('article'), descending=True), name='related_to_newest')],
                'constraints': [models.UniqueConstraint(fields=('article', 'other'), name='related_once')],
            },
        ),
        migrations.CreateModel(
            name='ArticleTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=40)),
                ('weight', models.FloatField()),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='newsroom.article')),
            ],
            options={
                'indexes': [models.Index(models.F('term'), models.OrderBy(models.F('article'), descending=True), name='term_holders')],
                'constraints': [models.UniqueConstraint(fields=('article', 'term'), name='term_of_an_article_once')],
            },
        ),
        migrations.CreateModel(
            name='ArchiveTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=40)),
                ('articles', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('term',), name='term_of_the_archive_once')],
            },
        ),
        migrations.CreateModel(
            name='ArticleToRelate',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='newsroom.article')),
                ('step', models.PositiveSmallIntegerField(choices=[(0, 'count its terms'), (1, 'weigh its terms'), (2, 'find what is near it')], default=0)),
                ('turn', models.PositiveSmallIntegerField(choices=[(0, 'published'), (1, 'of an archive')], default=0)),
            ],
            options={
                'indexes': [models.Index(models.F('step'), models.F('turn'), models.F('article'), name='to_relate_in_order')],
            },
        ),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
