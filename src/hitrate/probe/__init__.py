"""What patched code imports inside the analysed project's processes: standard library only, CPython 3.8+."""
