from django.db import migrations, models
from django.db.models.functions import TruncDate


def keep_dates(apps, schema_editor):
    """What was shown as the date of a revision until now: a change on a later day than the publication."""
    articles = apps.get_model("blog", "Article").objects.filter(published_at__isnull=False)
    revised = articles.filter(updated_at__date__gt=TruncDate("published_at"))
    revised.update(revised_at=models.F("updated_at"))


class Migration(migrations.Migration):
    dependencies = (("blog", "0001_initial"),)

    operations = (
        migrations.AddField(
            model_name="article",
            name="revised_at",
            field=models.DateTimeField(
                blank=True, editable=False, help_text="When its readers last got another text.", null=True
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="revision",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.RunPython(keep_dates, migrations.RunPython.noop),
    )
