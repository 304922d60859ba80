"""Build it, where the Console finds it."""

import sys

from tools.site import TARGET, DeadLinksError, build

if __name__ == "__main__":
    try:
        build()
    except DeadLinksError as dead:
        sys.exit(f"The documentation was not built:\n{dead}")
    sys.stdout.write(f"{TARGET}\n")
