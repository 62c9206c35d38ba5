"""The seed's name for the validator."""

from hitrate.trials.validator import IndividualValidator

__all__ = ["IndividualValidator"]
