from collections.abc import Iterable
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

BATCH = 500  # rows that one UPDATE changes


def fill(apps: Any, schema_editor: Any = None) -> None:
    """Give every reply its root, and every root the number of visible comments below it.

    A reply is younger than what it answers, so one look at a thread from its oldest comment on is enough.
    Running it again mends what a process of the version before wrote meanwhile.
    """
    threads = apps.get_model("comments", "Thread").objects.order_by("pk")
    for pk in threads.values_list("pk", flat=True).iterator():
        fill_thread(apps.get_model("comments", "Comment"), pk)


def fill_thread(model: Any, thread: int) -> None:
    rows = model.objects.filter(thread=thread).order_by("pk").values_list("pk", "parent", "status")
    roots: dict[int, int] = {}
    counts: dict[int, int] = {}
    for pk, parent, status in rows.iterator():
        if parent is None:
            counts[pk] = 0
        else:
            root = roots[pk] = roots.get(parent, parent)
            counts[root] = counts.get(root, 0) + (status == "visible")
    update(model, "root", (model(pk=pk, root_id=root) for pk, root in roots.items()))
    update(model, "conversation_count", (model(pk=pk, conversation_count=n) for pk, n in counts.items() if n))


def update(model: Any, field: str, rows: Iterable[Any]) -> None:
    model.objects.bulk_update(rows, [field], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = (("comments", "0002_own_words_and_reactions"),)

    operations = (
        migrations.RemoveIndex(model_name="comment", name="comment_top"),
        migrations.AddField(
            model_name="comment",
            name="conversation_count",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="comment",
            name="root",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="conversation",
                to="comments.comment",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["root", "id"], name="comment_conversation"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("root__isnull", True)),
                fields=["thread", "-id"],
                name="comment_newest_roots",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("root__isnull", True)),
                fields=["thread", "-reaction_count", "-conversation_count", "-id"],
                name="comment_top_roots",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    )
