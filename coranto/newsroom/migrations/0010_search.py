"""The readers' index of the archive, and the words it suggests.

Each public article gets its row here, marked as one whose words are to be written: the worker does that, the newest
first, while the site is up.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from coranto.newsroom.backends.archive.documents import key_of

BATCH = 2000


def backend(schema_editor):
    return import_module(f"coranto.newsroom.backends.archive.{schema_editor.connection.vendor}")


def make_index(apps, schema_editor):
    for statement in backend(schema_editor).CREATE:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    for statement in backend(schema_editor).DROP:
        schema_editor.execute(statement)


def list_articles(apps, schema_editor):
    SearchEntry = apps.get_model("newsroom", "SearchEntry")
    places = apps.get_model("newsroom", "Listing").objects.filter(kind="latest").values_list("published_at", "article_id")
    rows = (SearchEntry(key=key_of(*each), article_id=each[1], manner="") for each in places.iterator(BATCH))
    SearchEntry.objects.bulk_create(rows, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0009_corrections")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("key", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "manner",
                    models.CharField(
                        db_index=True,
                        help_text="How its terms were made; empty: they are to be made anew.",
                        max_length=32,
                    ),
                ),
                (
                    "is_counted",
                    models.BooleanField(default=False, help_text="Its words are among those suggested."),
                ),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entry",
                        to="newsroom.article",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("key"), condition=models.Q(("is_counted", False)), name="search_entry_uncounted"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=24, unique=True)),
                ("articles", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="SearchSpelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_index=True, max_length=8)),
                (
                    "word",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spellings",
                        to="newsroom.searchword",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("word", "key"), name="search_spelled_once")],
            },
        ),
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(list_articles, migrations.RunPython.noop),
    ]
