"""What delivery does: it forgets, and takes entitlements back."""

from coranto.delivery.operations.purging import purge_everything, purge_for, purge_tags
from coranto.delivery.operations.revoking import revoke_entitlement

__all__ = ["purge_everything", "purge_for", "purge_tags", "revoke_entitlement"]
