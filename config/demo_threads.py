"""The conversations of the demo, by the slug of the article."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Remark:
    """One comment of the demo, `minutes_later` than its article, with the replies to it."""

    who: str
    minutes_later: int
    text: str
    replies: list[Remark] = field(default_factory=list)


# What readers of the article on soup put into theirs: enough of them for a second page.
SOURS = (
    ("Beetroot", "vinegar, and then more of it than you think"),
    ("Carrot", "orange, but only the juice of half"),
    ("Pea", "lemon, and mint, which is not sour but thinks so"),
    ("Cabbage", "the water of the sauerkraut"),
    ("Mushroom", "sherry, if it counts"),
    ("Chickpea", "sumac"),
    ("Fish", "tamarind, since a neighbour gave me a jar"),
    ("Onion", "white wine, early, and a dry toast"),
    ("Pumpkin", "an apple that nobody wanted"),
    ("Spinach", "nothing. It is sour about being soup at all"),
    ("Barley", "buttermilk, off the heat, or it turns into cheese"),
    ("Cauliflower", "capers, fried"),
    ("Chicken", "lime, with everything green that is left"),
    ("Sorrel", "it brings its own"),
    ("Black bean", "pickled chillies and their brine"),
    ("Celeriac", "a green apple, raw, on top"),
    ("Split pea", "mustard, the sharp one"),
    ("Garlic", "the crust of a sour bread, in it"),
    ("Sweetcorn", "a tomato that was not ripe"),
    ("Nettle", "yoghurt. Gloves, before that"),
    ("Pearl onion", "verjuice. I had to buy something with the bottle"),
    ("Bread", "old wine. It is the poor people's soup, and they had that"),
    ("Lentil", "a pickled lemon, chopped small"),
    ("Ramen", "rice vinegar, three drops, counted aloud"),
)

THREADS: dict[str, list[Remark]] = {
    "hello-live-comments": [
        Remark(
            "reader3",
            12,
            "I opened this in two windows to see whether it was true. It is: what I write in one is in the "
            "other before I have looked up.",
            [
                Remark("admin", 18, "Now pull the plug on one of them for a minute, and put it back."),
                Remark("reader3", 25, "Done. It came back with everything, *once*, and in order. Fine."),
            ],
        ),
        Remark(
            "reader11",
            41,
            "What happens to a comment that I write in a tunnel?\n\nMy train has a few of those.",
            [
                Remark(
                    "reader7",
                    44,
                    "It stays on your page, marked as not sent yet, and goes out when the train does. "
                    "I tried it between two stations.",
                ),
                Remark("reader11", 52, "Then I have no excuse left for posting twice."),
            ],
        ),
        Remark(
            "reader24",
            95,
            "The quietest comment section I have seen: nothing jumps, nothing pops up. Please keep it so.",
        ),
        Remark(
            "moderator",
            108,
            "I read along here. If something of yours is gone, it was me, and you may ask me why.",
        ),
    ],
    "soup-is-a-method": [
        Remark(
            "reader19",
            240,
            "My grandmother's sixth step was to make twice as much and knock next door. "
            "The soup was never the point.",
            [Remark("admin", 300, "Then I have left out two steps.")],
        ),
        Remark(
            "reader2",
            610,
            "Salt **early**. I will not be argued with about this.",
            [
                Remark(
                    "reader33",
                    640,
                    "Late. You can't take it out again.",
                    [
                        Remark(
                            "reader2",
                            655,
                            "You said that about the cat, too.",
                            [
                                Remark(
                                    "reader33",
                                    661,
                                    "And I was right about the cat.",
                                    [Remark("reader5", 700, "Whose cat is it now?")],
                                ),
                            ],
                        ),
                        Remark("reader16", 702, "A potato takes it out again. So they say."),
                        Remark("reader44", 731, "A potato takes out a potato's worth of soup."),
                    ],
                ),
                Remark("reader12", 760, "Early for the onion, late for the pot. There are two salts."),
                Remark("reader9", 815, "My doctor would like a word with all of you."),
                Remark("admin", 840, "I have left the amount out of the article on purpose."),
                Remark("reader2", 852, "I had noticed, and have put it in with a pencil."),
                Remark("reader21", 1210, "Soy sauce, at the end. I am leaving now."),
                Remark("reader12", 1222, "That makes three salts."),
            ],
        ),
        Remark("reader40", 1500, "Made it with two leeks, a celeriac and doubt. It was good."),
        *(
            Remark(f"reader{1 + number % 50}", 1600 + 45 * number, f"{soup}: {sour}.")
            for number, (soup, sour) in enumerate(SOURS)
        ),
    ],
    "in-praise-of-the-boring-database": [
        Remark(
            "reader8",
            75,
            "We kept the numbers of our orders in memory, for speed. Ask me how we know that a power cut "
            "takes less time than `fsync`.",
            [
                Remark("reader31", 92, "How do you know?"),
                Remark("reader8", 95, "From the invoices."),
            ],
        ),
        Remark("reader14", 430, "> should be the data\n\nI have this on a card above my desk now."),
    ],
    "notes-on-walking-the-same-way-twice": [
        Remark(
            "reader27", 55, "Mine is eleven minutes to the station. I have missed trains because of a hedge."
        ),
    ],
}
