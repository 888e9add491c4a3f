"""Check this kit with Python alone: every file against the manifest, every input against the name of the ranking.

    python3 check_kit.py            in the folder into which the kit was unpacked

It says whether the inputs are those of the published list. To compute the list again from them, call
``scripts/mektep reproduce KIT`` of the program, in the version that ``manifest.json`` names under ``code``.
"""

import hashlib
import json
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
manifest = json.loads((here / "manifest.json").read_text(encoding="utf-8"))
canonical = json.loads((here / "canonical.json").read_text(encoding="utf-8"))
named = {name: facts["sha256"] for name, facts in manifest["files"].items()}
rests_on = {f"inputs/{name}.csv": digest for name, digest in canonical["inputs"].items() if name != "answers"}
rests_on["inputs/answers.bin"] = canonical["inputs"]["answers"]
rests_on["canonical.json"] = manifest["run"]
wrong = []
for name, digest in sorted((*named.items(), *rests_on.items())):
    path = here / name
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        wrong.append(name)
for name in dict.fromkeys(wrong):
    sys.stdout.write(f"NOT the file of the published list: {name}\n")
verdict = "ALTERED" if wrong else f"{len(named)} files as published"
sys.stdout.write(f"Ranking {manifest['run']}: {verdict}\n")
sys.exit(1 if wrong else 0)
