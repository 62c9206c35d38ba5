"""The seed's name for the screener."""

from hitrate.analysis.screener import BatchScreener

__all__ = ["BatchScreener"]
