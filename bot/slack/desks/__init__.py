"""What people press, open and type besides their questions."""
