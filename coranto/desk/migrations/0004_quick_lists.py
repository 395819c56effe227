"""Indexes on Wagtail's tables: without them each look at the desk reads every page or every past review.

Only the few rows that lists show are in the first two. Written as SQL, for these are not our models; both databases
read it alike. They go with the tables, and cost a publication next to nothing.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0003_roles_and_review'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.RunSQL(
            'CREATE INDEX desk_page_drafts ON wagtailcore_page (latest_revision_created_at DESC, id DESC) '
            'WHERE has_unpublished_changes',
            'DROP INDEX desk_page_drafts',
        ),
        migrations.RunSQL(
            'CREATE INDEX desk_page_locked ON wagtailcore_page (locked_at DESC) WHERE locked',
            'DROP INDEX desk_page_locked',
        ),
        # Every screen of the admin looks for the top of the tree, by its depth.
        migrations.RunSQL(
            'CREATE INDEX desk_page_depth ON wagtailcore_page (depth, path)',
            'DROP INDEX desk_page_depth',
        ),
        migrations.RunSQL(
            'CREATE INDEX desk_workflow_status ON wagtailcore_workflowstate (base_content_type_id, status)',
            'DROP INDEX desk_workflow_status',
        ),
    ]
