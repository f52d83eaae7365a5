"""ChatGPT for Slack: a daemon that answers messages with streamed OpenAI replies."""
