"""How long work is held by one worker."""

from datetime import timedelta

# A dead worker's task waits this long; a living worker renews three times within it.
LEASE = timedelta(seconds=60)
RENEWALS = 3

# No worker takes a longer lease, and no retry waits longer than this. What lies further in the future was
# written before the clock was set back, and is treated as due.
LONGEST_LEASE = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=2)

# The result of a finished task can be asked for this long.
KEEP_FINISHED = timedelta(days=3)
