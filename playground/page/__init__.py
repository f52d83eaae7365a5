"""The web page of the local Slack, where people see and write messages."""
