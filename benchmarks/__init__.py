"""Figures of the bot beside those of a minimal one, measured in one run against the playground."""
