"""Text and blocks in the forms that Slack has for them: pure functions."""
