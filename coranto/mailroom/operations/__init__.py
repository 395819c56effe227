"""What the room does.

Mails are queued, sent, withdrawn, decided about; addresses are suppressed and allowed again.
"""

from coranto.mailroom.operations.deciding import NotResendable, may_decide, resend_mail, send_trial
from coranto.mailroom.operations.keeping import expire_mails, prune_mails
from coranto.mailroom.operations.queueing import queue_mail, queue_message
from coranto.mailroom.operations.receiving import Intake, receive_event, receive_report
from coranto.mailroom.operations.sending import (
    Delivery,
    MailClaim,
    claim_mails,
    deliver_mail,
    reclaim_mails,
    release_mail,
)
from coranto.mailroom.operations.suppressing import allow_address, suppress_address
from coranto.mailroom.operations.withdrawing import forget_mailbox, take_back_withdrawn, withdraw_mails

__all__ = [
    "Delivery",
    "Intake",
    "MailClaim",
    "NotResendable",
    "allow_address",
    "claim_mails",
    "deliver_mail",
    "expire_mails",
    "forget_mailbox",
    "may_decide",
    "prune_mails",
    "queue_mail",
    "queue_message",
    "receive_event",
    "receive_report",
    "reclaim_mails",
    "release_mail",
    "resend_mail",
    "send_trial",
    "suppress_address",
    "take_back_withdrawn",
    "withdraw_mails",
]
