"""What every rendering of a report tells: answer, facts, order, figures, addresses."""
