"""Settings of all tests."""

from hypothesis import settings

# Without a deadline, because a slow machine is no failure. The same examples each time, so that a failure is the fault
# of a change; `--hypothesis-profile=default` searches further.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
