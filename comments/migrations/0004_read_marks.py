import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("comments", "0003_conversations"),)

    operations = (
        # 0 for what was written before: nobody has a read mark from then.
        migrations.AddField(
            model_name="comment",
            name="first_seq",
            field=models.PositiveBigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.CreateModel(
            name="ReadMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("author_key", models.CharField(max_length=160)),
                ("epoch", models.CharField(max_length=32)),
                ("seq", models.PositiveBigIntegerField()),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="read_marks",
                        to="comments.thread",
                    ),
                ),
            ],
            options={
                "constraints": (
                    models.UniqueConstraint(
                        fields=("thread", "author_key"), name="read_mark_once_per_person"
                    ),
                ),
            },
        ),
    )
