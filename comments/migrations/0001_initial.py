import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import comments.models


class Migration(migrations.Migration):
    initial = True

    dependencies = (
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )

    operations = (
        migrations.CreateModel(
            name="Thread",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("object_key", models.CharField(editable=False, max_length=255)),
                ("epoch", models.CharField(default=comments.models.new_epoch, editable=False, max_length=32)),
                (
                    "head_seq",
                    models.PositiveBigIntegerField(default=0, editable=False, verbose_name="last change"),
                ),
                (
                    "policy",
                    models.CharField(
                        choices=[("open", "open"), ("closed", "closed")], default="open", max_length=16
                    ),
                ),
                ("policy_seq", models.PositiveBigIntegerField(default=0, editable=False)),
                (
                    "count",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="visible comments"),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("author_key", models.CharField(max_length=160)),
                ("author_name", models.CharField(max_length=150, verbose_name="author's name")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("author", "author"),
                            ("moderator", "moderator"),
                            ("member", "member"),
                            ("guest", "guest"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ref", models.UUIDField(editable=False)),
                ("content", models.TextField(verbose_name="text")),
                ("html", models.TextField(editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("visible", "visible"), ("hidden", "hidden"), ("deleted", "deleted")],
                        default="visible",
                        max_length=16,
                    ),
                ),
                ("seq", models.PositiveBigIntegerField(verbose_name="change")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "reply_count",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="visible replies"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="written"
                    ),
                ),
                ("edited_at", models.DateTimeField(blank=True, null=True, verbose_name="edited")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replies",
                        to="comments.comment",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="comments.thread",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.UniqueConstraint(
                fields=("content_type", "object_key"), name="one_thread_per_object"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["thread", "-id"], name="comment_newest"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["thread", "-reply_count", "-id"], name="comment_top"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(
                fields=("thread", "author_key", "ref"), name="comment_ref_once_per_author"
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(fields=("thread", "seq"), name="comment_seq_once_per_thread"),
        ),
    )
