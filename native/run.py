"""Where the composite action starts: Hitrate is the source beside this folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from hitrate.native import main

raise SystemExit(main())
