"""What README.md says that a project has to add is what the host project has added, line by line."""

from __future__ import annotations

import re

from tests.host.installing import PROJECT
from tests.services.process import ROOT

FILES = (
    "kitchen/settings.py",
    "kitchen/urls.py",
    "kitchen/asgi.py",
    "recipes/live.py",
    "recipes/templates/recipes/recipe_detail.html",
)
MARK = re.compile(r"\s*(?:# live comments|{# live comments #})$")
CODE = re.compile(r"^```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"\s*(#|<!--)")
OF_COMMENTS = re.compile(r"comments|realtime|channel|daphne|asgi", re.IGNORECASE)
MOST = 12  # "some ten lines"


def lines_of_the_project() -> list[str]:
    """The lines that are marked, without their marks."""
    lines = [line for file in FILES for line in (PROJECT / file).read_text().splitlines()]
    return [MARK.sub("", line).strip() for line in lines if MARK.search(line)]


def lines_of_the_readme() -> list[str]:
    """The lines of code in the part "In your own project"."""
    part = (ROOT / "README.md").read_text().split("## In your own project\n")[1].split("\n## ")[0]
    lines = [line for code in CODE.findall(part) for line in code.splitlines()]
    return [line.strip() for line in lines if line and not HEADING.match(line)]


def test_the_readme_names_the_lines_that_the_project_has_added() -> None:
    assert lines_of_the_readme() == lines_of_the_project()


def test_they_are_some_ten() -> None:
    assert len(lines_of_the_project()) <= MOST


def test_no_other_file_of_the_project_knows_of_comments() -> None:
    others = {file for file in PROJECT.rglob("*") if file.suffix in (".py", ".html")}
    others -= {PROJECT / file for file in FILES}
    assert [file for file in others if OF_COMMENTS.search(file.read_text())] == []
