"""One bench in a process of its own."""

import sys

from scripts.benches import main

sys.exit(main(sys.argv[1:]))
