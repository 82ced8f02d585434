"""Fills the bench's database: articles, and people with tokens. Prints the tokens as a JSON array.

Run by the bench inside the site's settings: `python -m bench.prepare 50`.
"""

import json
import sys

import django

ARTICLES = ("fan-out", "herd", "posting", "idle", "history", "soak")  # one for each thing that is measured


def main(people: int) -> None:
    """Migrate the database and fill it."""
    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from rest_framework.authtoken.models import Token

    from blog.models import Article

    call_command("migrate", verbosity=0)
    # These people have no passwords: nobody logs in with one, and hashing 50 would take longer than the rest.
    users = [User.objects.create(username=f"poster{number}") for number in range(people)]
    for slug in ARTICLES:
        Article.objects.create(
            title=slug.title(),
            slug=slug,
            body="To be commented.",
            author=users[0],
            status=Article.Status.PUBLISHED,
        )
    json.dump([Token.objects.create(user=user).key for user in users], sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
