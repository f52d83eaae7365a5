"""Reads files of many kinds: in worker processes with limits, because files may be hostile."""
