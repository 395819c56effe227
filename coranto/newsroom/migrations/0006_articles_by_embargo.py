from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom', '0005_fronts_arranged'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='article',
            index=models.Index('embargoed_until', condition=Q(embargoed_until__isnull=False), name='article_embargo'),
        ),
    ]
