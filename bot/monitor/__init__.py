"""How the bot is, told to those who run it: whether it is well, and what it does, in figures."""
