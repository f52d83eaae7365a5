"""OpenAI: prompts out, reply events in."""
