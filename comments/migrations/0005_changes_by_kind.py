from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("comments", "0004_read_marks"),)

    operations = tuple(
        # 0 for what was edited or removed before: nobody is told of it as of news.
        migrations.AddField(
            model_name="comment",
            name=name,
            field=models.PositiveBigIntegerField(db_default=0, default=0, editable=False),
        )
        for name in ("edited_seq", "removed_seq")
    )
