"""One drill in a process of its own."""

import sys

from scripts.drills import main

sys.exit(main(sys.argv[1:]))
