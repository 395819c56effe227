"""Coranto, a publishing system for independent newsrooms.

SQLite up to 3.51.2 can corrupt a database in WAL mode when two connections write and checkpoint in the
same instant (https://sqlite.org/wal.html#walresetbug), so the build that the `pysqlite3` wheel brings takes
the place of Python's own before anything can import it.
"""

import sys

try:
    import pysqlite3
except ImportError:  # no wheel for this platform: `coranto serve` checks the version of Python's own
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

__version__ = "0.1.0"
