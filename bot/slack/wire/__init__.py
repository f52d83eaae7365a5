"""Slack's Web API and Socket Mode: calls under one pace, connections, tokens, files' bytes."""
