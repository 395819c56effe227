"""What a correction fixes, where its note stands, who could read a version, and that a version is withdrawn."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# SQLite makes a table anew to give it a column, and its triggers go with the old one. On PostgreSQL they would
# refuse what is filled in here.
final = import_module("coranto.newsroom.migrations.0003_versions_are_final")

SQLITE = "json_extract(CAST(document AS TEXT), '$.visibility')"
POSTGRESQL = "convert_from(document, 'UTF8')::json ->> 'visibility'"


def fill(apps, schema_editor):
    schema_editor.execute(
        f"UPDATE {final.TABLE} SET noted_at = published_at WHERE kind IN ('clarification', 'correction')"  # noqa: S608
    )
    said = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    schema_editor.execute(
        f"UPDATE {final.TABLE} SET visibility = {said} WHERE {said} IN ('password', 'private')"  # noqa: S608 - ours
    )


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0008_related"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(final.unguard, final.guard),
        migrations.AddField(
            model_name="article",
            name="change_note_place",
            field=models.CharField(
                choices=[("top", "above the text"), ("foot", "below the text")],
                default="foot",
                max_length=4,
                verbose_name="place of the note",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="change_passage",
            field=models.TextField(
                blank=True,
                help_text="Of a correction or clarification, as it reads now. Empty: the whole article.",
                verbose_name="which passage",
            ),
        ),
        migrations.AddField(
            model_name="articleversion",
            name="note_place",
            field=models.CharField(
                blank=True,
                choices=[("top", "above the text"), ("foot", "below the text")],
                max_length=4,
                verbose_name="place of the note",
            ),
        ),
        migrations.AddField(
            model_name="articleversion",
            name="noted_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When it was published, of corrections and clarifications alone.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="articleversion",
            name="passage",
            field=models.TextField(blank=True, help_text="Empty: the whole article.", verbose_name="passage"),
        ),
        migrations.AddField(
            model_name="articleversion",
            name="visibility",
            field=models.CharField(
                choices=[
                    ("public", "everybody"),
                    ("password", "whoever has the password"),
                    ("private", "staff only"),
                ],
                default="public",
                max_length=8,
                verbose_name="who could read it",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="articleversion",
            index=models.Index(
                models.OrderBy(models.F("noted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("noted_at__isnull", False)),
                name="version_noted",
            ),
        ),
        migrations.CreateModel(
            name="VersionWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="reason, for readers")),
                ("withdrawn_at", models.DateTimeField(verbose_name="withdrawn")),
                ("restored_at", models.DateTimeField(blank=True, null=True, verbose_name="shown again")),
                (
                    "restored_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="newsroom.articleversion",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "withdrawal of a version",
                "verbose_name_plural": "withdrawals of versions",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("restored_at", None)), fields=("version",), name="version_withdrawn_once"
                    )
                ],
            },
        ),
        migrations.RunPython(final.guard, final.unguard),
    ]
