"""The people of these tests: Nora has an account and may use the admin; Bob has an account."""

from django.contrib.auth.models import User

PASSWORD = "a word of hers"  # noqa: S105 - of people who don't exist


def make_nora() -> User:
    return User.objects.create_user("nora", password=PASSWORD, is_staff=True)


def make_bob() -> User:
    return User.objects.create_user("bob", password=PASSWORD)
