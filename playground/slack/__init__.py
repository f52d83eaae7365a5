"""A strict local Slack: Web API, Socket Mode and the state of one workspace, made from Slack's documentation."""
