"""What people ask for: that a run is held back, that a finding is accepted."""
