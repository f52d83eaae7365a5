"""Slack's ways of writing text, turned into safe HTML."""
