"""The page Wagtail greets newcomers with becomes the front page."""

from django.db import migrations


def make_front_page(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    FrontPage = apps.get_model("newsroom", "FrontPage")
    ContentType = apps.get_model("contenttypes", "ContentType")
    welcome = Page.objects.filter(depth=2).order_by("path").first()
    if welcome is None or FrontPage.objects.exists():
        return
    content_type, _ = ContentType.objects.get_or_create(app_label="newsroom", model="frontpage")
    front = FrontPage(page_ptr_id=welcome.pk)
    front.__dict__.update({k: v for k, v in welcome.__dict__.items() if not k.startswith("_")})
    front.content_type_id = content_type.pk
    front.title = front.draft_title = "Front page"
    front.save()


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0001_initial"),
        ("wagtailcore", "0054_initial_locale"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_front_page, migrations.RunPython.noop)]
