"""What statements bind to names, and who names it: how far a change outside of functions reaches."""
