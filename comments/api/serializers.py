"""The fields that the HTTP API takes, and those of its answers, which only its schema uses."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from comments.api.fields import CappedIntegerField, ShortCharField, StrictCharField
from comments.queries import HISTORY_LIMIT, LARGEST_NUMBER, REPLIES_LIMIT, SNAPSHOT_LIMIT, SORTS

LONGEST_WAIT = 25  # s; proxies commonly give up after 30 or 60


class NewComment(serializers.Serializer[Any]):
    content = StrictCharField()
    ref = serializers.UUIDField(help_text="Made by the client, once per comment; a retry sends the same.")
    # DRF takes declared fields off the class, so this one does not hide a serializer's own `parent`.
    parent = StrictCharField(  # type: ignore[assignment]
        required=False, allow_null=True, default=None, help_text="The id replied to."
    )
    author = StrictCharField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The id of who means to write: 401 if the credentials are somebody else's by now.",
    )


class EditedComment(serializers.Serializer[Any]):
    content = StrictCharField()
    version = serializers.IntegerField(
        min_value=1, max_value=LARGEST_NUMBER, help_text="The version that was edited."
    )
    author = StrictCharField(required=False, allow_null=True, default=None, help_text="As of a new comment.")


class SnapshotQuery(serializers.Serializer[Any]):
    sort = serializers.ChoiceField(choices=list(SORTS), default="newest")
    cursor = ShortCharField(required=False, default=None, max_length=200)
    limit = CappedIntegerField(default=SNAPSHOT_LIMIT, help_text="Conversations.")
    around = ShortCharField(
        required=False,
        default=None,
        max_length=40,
        help_text="The id of a comment whose conversation the page is to hold, instead of a cursor.",
    )


class RepliesQuery(serializers.Serializer[Any]):
    cursor = ShortCharField(required=False, default=None, max_length=200)
    limit = CappedIntegerField(default=REPLIES_LIMIT)


class HistoryQuery(serializers.Serializer[Any]):
    after = serializers.IntegerField(min_value=0, max_value=LARGEST_NUMBER)
    epoch = ShortCharField(required=False, default=None, max_length=64)
    limit = CappedIntegerField(default=HISTORY_LIMIT)
    reactions_after = serializers.IntegerField(
        required=False,
        default=None,
        min_value=0,
        max_value=LARGEST_NUMBER,
        help_text="The `reaction_seq` of the client: counts that changed since are in the answer.",
    )
    wait = serializers.IntegerField(
        min_value=0,
        max_value=LONGEST_WAIT,
        default=0,
        help_text="Seconds that the answer may wait for a change: long polling.",
    )


class SinceQuery(serializers.Serializer[Any]):
    epoch = ShortCharField(required=False, default=None, max_length=64)
    seq = serializers.IntegerField(
        required=False,
        default=None,
        min_value=0,
        max_value=LARGEST_NUMBER,
        help_text="Where the client keeps the mark itself: it counts where the server has none.",
    )


class Read(serializers.Serializer[Any]):
    epoch = ShortCharField(max_length=64)
    seq = serializers.IntegerField(min_value=0, max_value=LARGEST_NUMBER)


class ReadMark(serializers.Serializer[Any]):
    epoch = serializers.CharField()
    seq = serializers.IntegerField(help_text="Where the mark is now.")


class Changed(serializers.Serializer[Any]):
    id = serializers.CharField()
    root = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # the name is the wire's
    kind = serializers.ChoiceField(choices=["new", "edited", "removed"])
    reply = serializers.BooleanField(help_text="Whether it is new and answers the asker.")


class Since(serializers.Serializer[Any]):
    epoch = serializers.CharField()
    # `from` is a keyword of Python, so this field is declared by `get_fields`.
    seq = serializers.IntegerField()
    new = serializers.IntegerField()
    replies = serializers.IntegerField(help_text="Those of the new ones that answer the asker.")
    edited = serializers.IntegerField()
    removed = serializers.IntegerField()
    changes = Changed(many=True, help_text="The latest first, at most 200.")

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.IntegerField(allow_null=True), **super().get_fields()}


class ShownWindow(serializers.Serializer[Any]):
    root = serializers.CharField(  # type: ignore[assignment]  # the name is the wire's
        required=False, allow_null=True, help_text="Whose replies they are; null for roots."
    )
    first = serializers.CharField(
        required=False, allow_null=True, help_text="The oldest; null: from the beginning."
    )
    last = serializers.CharField(required=False, allow_null=True, help_text="The newest; null: to the end.")


class ShownReactions(serializers.Serializer[Any]):
    seq = serializers.IntegerField(min_value=0, max_value=LARGEST_NUMBER, help_text="The `reaction_seq`.")
    digest = serializers.CharField(help_text="CRC-32 over `id:emoji count,…;` of each with reactions, by id.")


class Shown(serializers.Serializer[Any]):
    epoch = serializers.CharField()
    seq = serializers.IntegerField(min_value=0, max_value=LARGEST_NUMBER)
    digest = serializers.CharField(help_text="CRC-32 over `id:version;` of each visible one, by id.")
    windows = ShownWindow(many=True)
    reactions = ShownReactions(required=False, allow_null=True)


class Verified(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    same = serializers.BooleanField(allow_null=True, help_text="null: that can't be said now.")


class GuestName(serializers.Serializer[Any]):
    name = StrictCharField()


class Person(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()


class Me(serializers.Serializer[Any]):
    user = Person(allow_null=True)


class Comment(serializers.Serializer[Any]):
    id = serializers.CharField()
    user = serializers.CharField()
    user_id = serializers.CharField()
    role = serializers.ChoiceField(
        choices=["author", "moderator", "member", "guest"],
        allow_blank=True,
        help_text="Empty, as user and texts are, where the status is `removed`.",
    )
    content = serializers.CharField(help_text="The source as typed.")
    html = serializers.CharField(help_text="Rendered and sanitised by the server.")
    timestamp = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    edited_by = serializers.ChoiceField(choices=["author", "moderator"], allow_null=True)
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment] # as above
    root = serializers.CharField(  # type: ignore[assignment] # as above
        allow_null=True, help_text="The first comment of its conversation; null for that one itself."
    )
    reply_count = serializers.IntegerField(
        help_text="Of a root, the visible comments of its conversation; else the visible direct replies."
    )
    status = serializers.ChoiceField(choices=["visible", "removed"])
    version = serializers.IntegerField()
    reactions = serializers.DictField(child=serializers.IntegerField(), help_text="People by emoji.")
    reaction_seq = serializers.IntegerField(help_text="Of two counts, the one with the larger is newer.")
    reacted = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="The asker's own reactions; in pages alone."
    )


class Subject(serializers.Serializer[Any]):
    kind = serializers.CharField()
    key = serializers.CharField()
    url = serializers.CharField()
    title = serializers.CharField()
    revision = serializers.IntegerField(help_text="Grows when it is revised; 0 where nobody says.")


class Replies(serializers.Serializer[Any]):
    results = Comment(many=True, help_text="Oldest first.")
    previous = serializers.CharField(allow_null=True, help_text="The cursor of what stands before them.")
    next = serializers.CharField(allow_null=True, help_text="The cursor of what stands behind them.")
    earlier = serializers.IntegerField(help_text="Visible comments before them.")
    later = serializers.IntegerField(help_text="Visible comments behind them.")


class Conversation(Replies):
    epoch = serializers.CharField()
    seq = serializers.IntegerField()
    reaction_seq = serializers.IntegerField(help_text="As `seq`, of the reactions.")
    root = serializers.CharField()  # type: ignore[assignment] # as above
    reply_count = serializers.IntegerField(help_text="Visible comments below the root.")


class RootComment(Comment):
    replies = Replies(help_text="A part of what stands below it.")


class Around(serializers.Serializer[Any]):
    id = serializers.CharField()
    state = serializers.ChoiceField(choices=["here", "removed", "unknown"])


class Snapshot(serializers.Serializer[Any]):
    epoch = serializers.CharField()
    seq = serializers.IntegerField()
    reaction_seq = serializers.IntegerField(help_text="As `seq`, of the reactions.")
    count = serializers.IntegerField()
    policy = serializers.ChoiceField(choices=["open", "closed"])
    subject = Subject(help_text="What is commented on, by its present address.")
    sort = serializers.ChoiceField(choices=list(SORTS))
    previous = serializers.CharField(allow_null=True, help_text="The cursor of the page before it.")
    next = serializers.CharField(allow_null=True, help_text="The cursor of the page behind it.")
    around = Around(allow_null=True, help_text="The comment around which the page was asked for.")
    results = RootComment(many=True)


class Change(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=["message", "removed", "thread"])
    seq = serializers.IntegerField()
    prev = serializers.IntegerField()


class Reactions(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=["reaction"])
    id = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField())
    reaction_seq = serializers.IntegerField()


class History(serializers.Serializer[Any]):
    epoch = serializers.CharField()
    # `from` is a keyword of Python, so this field is declared by `get_fields`.
    seq = serializers.IntegerField()
    head = serializers.IntegerField()
    count = serializers.IntegerField()
    has_more = serializers.BooleanField()
    reset = serializers.BooleanField()
    changes = Change(many=True)
    reaction_seq = serializers.IntegerField()
    reactions = Reactions(many=True, help_text="Counts that changed after `reactions_after`.")
    subject = Subject(required=False, help_text="As in a snapshot; missing where `epoch` was another.")

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.IntegerField(), **super().get_fields()}


class Revision(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    content = serializers.CharField()
    edited_by = serializers.ChoiceField(choices=["author", "moderator"], allow_null=True)
    timestamp = serializers.DateTimeField()


class Revisions(serializers.Serializer[Any]):
    results = Revision(many=True, help_text="The present text first.")


class ErrorBody(serializers.Serializer[Any]):
    code = serializers.IntegerField()
    reason = serializers.CharField()
    message = serializers.CharField()
    retry_after = serializers.FloatField(required=False)
    comment = Comment(required=False, help_text="As it is now, where the reason is `stale`.")
