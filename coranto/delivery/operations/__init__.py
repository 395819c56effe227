"""What delivery does: it forgets."""

from coranto.delivery.operations.purging import purge, purge_everything

__all__ = ["purge", "purge_everything"]
