"""The line that is being read does not move while 200 comments come in five seconds, wherever it is."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.page.room import Room, comment, write

PROFILES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
PLACES = {
    "in the article": "scrollTo(0, 60)",
    "at the top": "document.querySelector('#comments').scrollIntoView({behavior: 'instant'})",
    "in the middle": "document.querySelectorAll('.comment')[12].scrollIntoView({behavior: 'instant'})",
    "at the end": "scrollTo(0, document.documentElement.scrollHeight)",
}
# Every second comment answers one of the first page: conversations grow above, in and below the window.
BURST = """
from time import monotonic, sleep
roots = list(Comment.objects.filter(thread=thread, parent=None).order_by('-id')[:20])
begun = monotonic()
for n in range({count}):
    parent = roots[n % 20].pk if n % 2 else None
    services.post_comment(author=Author('g2', 'Otto', 'guest'), thread=thread, parent=parent,
        content=f'Burst {place} {{n}}. ' + 'It has a few lines. ' * (n % 9), ref=uuid.uuid4())
    sleep(max(0, begun + n * 5 / {count} - monotonic()))
"""
WATCH = """() => {
  const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  window.line = {middle, top: middle.getBoundingClientRect().top, most: 0, shifts: []};
  const look = () => {
    if (window.line.middle !== middle) return;
    const moved = Math.abs(middle.getBoundingClientRect().top - window.line.top);
    window.line.most = Math.max(window.line.most, middle.isConnected ? moved : Infinity);
    requestAnimationFrame(look);
  };
  look();
  new PerformanceObserver((list) => {
    for (const {hadRecentInput, value, sources} of list.getEntries()) {
      const nameOf = ({node, previousRect: {top: from}, currentRect: {top: to}}) =>
        `${node?.nodeName} ${node?.className ?? node?.textContent} ${from} ${to}`;
      if (!hadRecentInput) window.line.shifts.push([value, ...sources.map(nameOf)]);
    }
  }).observe({type: "layout-shift"});
}"""


def test_nothing_moves_while_comments_pour_in(room: Room) -> None:
    room.fill(40)
    pages = {name: room.enter(**options) for name, options in PROFILES.items()}
    for number, (place, go) in enumerate(PLACES.items(), start=1):
        for page in pages.values():
            page.evaluate(go)
            page.evaluate(WATCH)
        room.shell(BURST.format(count=200, place=number))
        for name, page in pages.items():
            expect(page.locator(".comments-count")).to_have_text(str(40 + 200 * number))
            line = page.evaluate("() => (({most, shifts}) => ({most, shifts}))(window.line)")
            assert line["most"] <= 1, f"{name}, {place}: the line moved by {line['most']} px"
            assert line["shifts"] == [], f"{name}, {place}"


def test_what_waits_is_shown_where_it_is_asked_for(room: Room) -> None:
    room.fill(30)
    anna = room.enter("reader1")
    line = comment(anna, "Comment 15.")
    line.evaluate("element => element.scrollIntoView({block: 'center', behavior: 'instant'})")
    room.shell(
        "otto = Author('g2', 'Otto', 'guest')\n"
        "above = Comment.objects.get(thread=thread, content__startswith='Comment 16.').pk\n"
        "def post(text, parent=None):\n"
        "    ref = uuid.uuid4()\n"
        "    services.post_comment(author=otto, thread=thread, content=text, parent=parent, ref=ref)\n"
        "post('On top')\n"
        "for text in ('Above', 'Above too'): post(text, above)"
    )
    expect(anna.locator(".comments-new")).to_have_text("3 new comments")
    folded = anna.locator(".comment-folded button")
    expect(folded).to_have_text("2 new replies")
    expect(comment(anna, "Above too")).to_have_count(0)
    folded.click()
    expect(comment(anna, "Above").first).to_be_focused()
    expect(comment(anna, "Above too")).to_be_visible()
    expect(folded).to_have_count(0)
    anna.click(".comments-new")
    expect(comment(anna, "On top")).to_be_focused()
    expect(anna.locator(".comments-new")).to_be_hidden()


def test_one_comment_appears_by_itself_where_it_disturbs_nobody(room: Room) -> None:
    anna, ben = room.enter("reader1", viewport={"width": 1280, "height": 2400}), room.enter("reader2")
    write(anna, "A question")
    comment(ben, "A question").locator(".comment-reply").click()
    write(ben, "An answer")
    expect(comment(anna, "An answer")).to_be_in_viewport()
    expect(anna.locator(".comments-new")).to_be_hidden()
