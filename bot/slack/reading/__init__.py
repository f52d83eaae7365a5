"""What comes in: events, messages, threads, files, people."""
