"""The desk's reads, each with a fixed number of queries."""
