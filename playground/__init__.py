"""A strict local Slack and a scripted OpenAI, for the demo and the tests."""
