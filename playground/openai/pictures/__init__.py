"""Small real pictures, painted and encoded with the standard library alone."""
