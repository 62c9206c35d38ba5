"""The seed's name for the patcher."""

from hitrate.patching.edits import PatchError
from hitrate.patching.patcher import SourcePatcher

__all__ = ["PatchError", "SourcePatcher"]
