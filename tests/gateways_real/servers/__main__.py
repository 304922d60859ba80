"""Print the folder with the unpacked servers; 75 (a temporary failure, sysexits.h) where this machine can have none."""

import sys

from tests.gateways_real.servers import debian

if __name__ == "__main__":
    try:
        print(debian.unpacked())
    except debian.NotHereError as reason:
        print(reason, file=sys.stderr)
        sys.exit(75)
