"""What an operator decides before the start."""
