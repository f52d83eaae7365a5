"""The nouns of the bot: frozen values that know nothing but the standard library."""
