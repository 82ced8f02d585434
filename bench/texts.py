"""The comments that are posted: of a plausible length, with a little Markdown, each with a mark."""

import json
import uuid

from bench.marks import make_mark

TEXT = (
    "The wall stood for a hundred winters because *nothing* in it was fixed; "
    "what can move does not have to break. I saw the same in `rsync`'s man page. {mark}"
)


def make_text() -> str:
    """Return the text of one comment, marked with this moment."""
    return TEXT.format(mark=make_mark())


def site_post() -> bytes:
    """Return the frame that posts a comment on the site."""
    return json.dumps({"type": "message", "content": make_text(), "ref": str(uuid.uuid4())}).encode()


def tutorial_post() -> bytes:
    """Return the frame that says the same in the tutorial's chat."""
    return json.dumps({"message": make_text()}).encode()
