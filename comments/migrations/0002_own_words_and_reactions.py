from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def say_who_did_it(apps: Any, schema_editor: Any) -> None:
    """Until now only moderators edited and removed comments."""
    comments = apps.get_model("comments", "Comment").objects
    comments.filter(edited_at__isnull=False).update(edited_by="moderator")
    comments.exclude(status="visible").update(removed_by="moderator")


class Migration(migrations.Migration):
    dependencies = (("comments", "0001_initial"),)

    operations = (
        migrations.CreateModel(
            name="Reaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("author_key", models.CharField(max_length=160)),
                ("emoji", models.CharField(max_length=32)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("content", models.TextField(verbose_name="text")),
                (
                    "edited_by",
                    models.CharField(
                        blank=True,
                        choices=[("author", "author"), ("moderator", "moderator")],
                        max_length=16,
                        verbose_name="edited by",
                    ),
                ),
                ("edited_at", models.DateTimeField(verbose_name="written")),
            ],
        ),
        migrations.AddField(
            model_name="comment",
            name="edited_by",
            field=models.CharField(
                blank=True,
                choices=[("author", "author"), ("moderator", "moderator")],
                db_default="",
                default="",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="reaction_count",
            field=models.PositiveIntegerField(
                db_default=0, default=0, editable=False, verbose_name="reactions"
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="reaction_seq",
            field=models.PositiveBigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="comment",
            name="reactions",
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="comment",
            name="removed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="removed"),
        ),
        migrations.AddField(
            model_name="comment",
            name="removed_by",
            field=models.CharField(
                blank=True,
                choices=[("author", "author"), ("moderator", "moderator")],
                db_default="",
                default="",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="reaction_seq",
            field=models.PositiveBigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["thread", "reaction_seq"], name="comment_reaction_seq"),
        ),
        migrations.AddField(
            model_name="reaction",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="given_reactions",
                to="comments.comment",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="comments.comment"
            ),
        ),
        migrations.AddConstraint(
            model_name="reaction",
            constraint=models.UniqueConstraint(
                fields=("comment", "author_key", "emoji"), name="reaction_once_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                fields=("comment", "version"), name="revision_once_per_version"
            ),
        ),
        migrations.RunPython(say_who_did_it, migrations.RunPython.noop),
    )
