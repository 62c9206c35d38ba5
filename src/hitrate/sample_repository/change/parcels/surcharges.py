"""What is added to a price; the numbers change every week, in a file."""

import json
from pathlib import Path


def load_surcharges(path: Path) -> dict[str, float]:
    """Shares by name, such as ``{"fuel": 0.12}``."""
    return {name: float(share) for name, share in json.loads(path.read_text()).items()}
