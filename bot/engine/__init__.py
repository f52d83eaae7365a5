"""Who works on which thread."""
