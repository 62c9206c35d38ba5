"""Chromium without a window: what it makes of a page, and what that looks like."""

import re
import shutil
import subprocess
from pathlib import Path

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=2000",
)  # fmt: skip


def loaded(page: str, folder: Path, width: int = 1100) -> str:
    """What the browser made of the page, as HTML again."""
    return _run(page, folder, (width, 1200), "--dump-dom")


def shot(
    page: str, picture: Path, folder: Path, size: tuple[int, int], *, dark: bool = False, scale: int = 1
) -> None:
    """A picture of the upper left of the page, with ``scale`` dots a pixel in each direction."""
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    dots = f"--force-device-scale-factor={scale}"
    _run(page, folder, size, f"--screenshot={picture}", "--hide-scrollbars", scheme, dots)


def _run(page: str, folder: Path, size: tuple[int, int], *flags: str) -> str:
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    window = f"--window-size={size[0]},{size[1]}"
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [str(BROWSER), *FLAGS, profile, window, *flags, file.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def without_policy(page: str) -> str:
    """The page without the rule that lets no script of a test's run in it."""
    return re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
