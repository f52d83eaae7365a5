"""A scripted OpenAI, as strict as its documentation, that answers and fails to order."""
