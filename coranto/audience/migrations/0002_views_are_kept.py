"""The database itself refuses to change or remove what was counted."""

from django.db import migrations

TABLES = ("audience_rollup", "audience_leftout", "audience_rulechange")

SQLITE = [
    f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, 'what was counted is final'); END"""
    for table in TABLES
    for verb in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    """CREATE FUNCTION audience_counts_are_final() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'what was counted is final'; END $$""",
    *(
        f"""CREATE TRIGGER {table}_final BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION audience_counts_are_final()"""
        for table in TABLES
    ),
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table in TABLES:
        if is_sqlite:
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_final ON {table}")
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION audience_counts_are_final()")


class Migration(migrations.Migration):
    dependencies = [("audience", "0001_views_counted")]

    operations = [migrations.RunPython(guard, unguard)]
