"""Reports as mail servers write them (RFC 3464, RFC 5965)."""

from __future__ import annotations


def delivery_report(
    *,
    to: str,
    about: str,
    status: str,
    action: str = "failed",
    returned_id: str = "<1@elsewhere.example>",
    content_type: str = "multipart/report; report-type=delivery-status",
) -> bytes:
    """As Postfix says that a mail could not be delivered."""
    return f"""\
Return-Path: <>
Date: Mon, 23 Nov 2026 06:05:28 +0000
From: MAILER-DAEMON@mx.reader.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: {content_type}; boundary="limit"

--limit
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--limit
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.reader.example
Arrival-Date: Mon, 23 Nov 2026 06:05:27 +0000

Final-Recipient: rfc822; {about}
Original-Recipient: rfc822;{about}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {status.replace(".", "")} {status} The account does not exist

--limit
Content-Type: text/rfc822-headers

From: post@news.example
To: {about}
Message-ID: {returned_id}

--limit--
""".replace("\n", "\r\n").encode()


def complaint(*, to: str, returned_id: str) -> bytes:
    """As a large provider says that a reader pressed "this is spam"."""
    return f"""\
From: <abuse@mx.reader.example>
To: {to}
Subject: FW: The Lantern
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="limit"

--limit
Content-Type: text/plain

This is an email abuse report.

--limit
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1

--limit
Content-Type: message/rfc822

From: post@news.example
Message-ID: {returned_id}

The message.

--limit--
""".replace("\n", "\r\n").encode()
