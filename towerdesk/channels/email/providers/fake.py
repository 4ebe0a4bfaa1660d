"""Providers for tests: calls as each of them documents and signs them, and a server that takes what we send by them.

Written after the providers' own documentation:
documentation.mailgun.com (receive → routes; webhooks), docs.sendgrid.com (inbound parse; event webhook, security),
postmarkapp.com/developer (inbound, bounce, delivery and spam complaint webhook), docs.aws.amazon.com (SES notification
contents; SNS message and JSON formats), developers.brevo.com (inbound parse; transactional webhooks).
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from towerdesk.channels.email.parse import parse
from towerdesk.channels.fake_server import Asked, FakeServer, Says, says
from towerdesk.lib.clock import now

MARA = "mara@lindqvist.example"
INBOX = "support@brasswell.example"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:support"
NO_SUCH = "550 5.1.1 The email account that you tried to reach does not exist"
WAIT = "452 4.2.2 The mailbox is full, try again later"
EDGE = "------------------------edge"


@dataclass(frozen=True)
class Posted:
    """One call, ready to be made."""

    body: bytes
    type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = ""  # behind the inbox's own


class Fake:
    """A provider that calls us. `kinds` are what it calls the things that happen to a mail."""

    name = ""
    values: Mapping[str, str] = {}
    kinds: Mapping[str, str] = {}

    def __init__(self) -> None:
        self.password = ""

    def mail(self, raw: bytes, id_: str = "m1") -> Posted:
        raise NotImplementedError

    def event(self, what: str, ours: str, id_: str = "e1", to: str = MARA) -> Posted:
        """`what`: bounced, rejected, deferred, delivered, complained, opened or unheard-of."""
        raise NotImplementedError

    def signed(self, body: bytes, type_: str = "application/json", **headers: str) -> Posted:
        """By the password of the address."""
        told = base64.b64encode(f"towerdesk:{self.password}".encode()).decode()
        return Posted(body, type_, {"Authorization": f"Basic {told}", **headers})


class FakeMailgun(Fake):
    name = "mailgun"
    values = {"key": "signing-key-0"}
    kinds = {"bounced": "failed", "rejected": "rejected", "deferred": "failed", "delivered": "delivered",
             "complained": "complained", "opened": "opened"}  # fmt: skip

    def _signature(self, id_: str) -> dict[str, str]:
        at, token = f"{int(now().timestamp())}", hashlib.sha256(id_.encode()).hexdigest()[:50]
        signed = hmac.new(self.values["key"].encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()
        return {"timestamp": at, "token": token, "signature": signed}

    def mail(self, raw: bytes, id_: str = "m1") -> Posted:
        given = {"recipient": INBOX, "sender": MARA, "from": f"Mara <{MARA}>", **self._signature(id_)}
        body = urlencode({**given, "body-mime": raw.decode("latin-1")}, encoding="latin-1").encode()
        return Posted(body, "application/x-www-form-urlencoded", path="/mime")

    def parsed(self, text: str, file: tuple[str, bytes]) -> Posted:
        """Of a route that does not end with “mime”."""
        headers = json.dumps([["From", f"Mara <{MARA}>"], ["To", INBOX], ["Message-Id", "<parsed@lindqvist.example>"]])
        fields = {"recipient": INBOX, "sender": MARA, "subject": "It drips", "body-plain": text,
                  "message-headers": headers, "attachment-count": "1", **self._signature("parsed")}  # fmt: skip
        return Posted(multipart(fields, {"attachment-1": file}), f"multipart/form-data; boundary={EDGE}")

    def event(self, what: str, ours: str, id_: str = "e1", to: str = MARA) -> Posted:
        said = {
            "event": self.kinds.get(what, what),
            "id": id_,
            "timestamp": now().timestamp() - 5,
            "recipient": to,
            "user-variables": {},
            "tags": [],
            "message": {"headers": {"message-id": ours, "to": to, "from": INBOX, "subject": "Re: It drips"}},
        }
        if what in ("bounced", "deferred"):
            said |= {"severity": "permanent" if what == "bounced" else "temporary", "reason": "bounce"}
            said["delivery-status"] = {
                "code": 550,
                "message": NO_SUCH if what == "bounced" else WAIT,
                "description": "",
            }
        if what == "rejected":
            said["reject"] = {"reason": "Sandbox subdomains are for test purposes only", "description": ""}
        return Posted(json.dumps({"signature": self._signature(id_), "event-data": said}).encode())


class FakeSendGrid(Fake):
    name = "sendgrid"
    kinds = {"bounced": "bounce", "rejected": "dropped", "deferred": "deferred", "delivered": "delivered",
             "complained": "spamreport", "opened": "open"}  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.key = ec.generate_private_key(ec.SECP256R1())
        public = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.values = {"key": base64.b64encode(public).decode()}

    def mail(self, raw: bytes, id_: str = "m1") -> Posted:
        fields = {
            "email": raw.decode("latin-1"), "to": INBOX, "from": f"Mara <{MARA}>", "subject": "It drips",
            "envelope": json.dumps({"to": [INBOX], "from": MARA}), "SPF": "pass", "sender_ip": "203.0.113.7",
            "dkim": "{@lindqvist.example : pass}", "charsets": "{}", "spam_score": "0.1",
        }  # fmt: skip
        return self.signed(multipart(fields), f"multipart/form-data; boundary={EDGE}")

    def event(self, what: str, ours: str, id_: str = "e1", to: str = MARA) -> Posted:
        said = {"email": to, "timestamp": int(now().timestamp()) - 5, "smtp-id": f"<{ours}>", "sg_event_id": id_,
                "event": self.kinds.get(what, what), "sg_message_id": "14c5d75ce93.dfd.64b469"}  # fmt: skip
        if what == "bounced":
            said |= {"type": "bounce", "status": "5.1.1", "reason": NO_SUCH}
        if what == "deferred":
            said |= {"response": WAIT, "attempt": "5"}
        if what == "rejected":
            said |= {"reason": "Bounced Address", "status": "5.0.0"}
        return self.listed(said)

    def listed(self, *said: Mapping[str, Any]) -> Posted:
        body, at = json.dumps(said).encode(), f"{int(now().timestamp())}"
        signature = base64.b64encode(self.key.sign(at.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
        return self.signed(
            body,
            **{"X-Twilio-Email-Event-Webhook-Signature": signature, "X-Twilio-Email-Event-Webhook-Timestamp": at},
        )


class FakePostmark(Fake):
    name = "postmark"
    kinds = {"bounced": "Bounce", "rejected": "Bounce", "deferred": "Bounce", "delivered": "Delivery",
             "complained": "SpamComplaint", "opened": "Open"}  # fmt: skip
    types = {"bounced": "HardBounce", "rejected": "ManuallyDeactivated", "deferred": "Transient"}

    def mail(self, raw: bytes, id_: str = "m1") -> Posted:
        told = {
            "FromFull": {"Email": MARA, "Name": "Mara", "MailboxHash": ""}, "OriginalRecipient": INBOX,
            "Subject": "It drips", "MessageID": id_, "Headers": [{"Name": "Return-Path", "Value": f"<{MARA}>"}],
            "MessageStream": "inbound", "RawEmail": raw.decode("utf-8", "replace"), "TextBody": "", "Attachments": [],
        }  # fmt: skip
        return self.signed(json.dumps(told).encode())

    def parsed(self, text: str, file: tuple[str, bytes]) -> Posted:
        """With “Include raw email content” off."""
        attachment = {"Name": file[0], "Content": base64.b64encode(file[1]).decode(), "ContentType": "image/png",
                      "ContentLength": len(file[1])}  # fmt: skip
        told = {
            "FromFull": {"Email": MARA, "Name": "Mara"}, "ToFull": [{"Email": INBOX, "Name": ""}], "Subject": "It drips",
            "MessageID": "parsed", "TextBody": text, "HtmlBody": "", "OriginalRecipient": INBOX,
            "Headers": [{"Name": "Message-ID", "Value": "<parsed@lindqvist.example>"}], "Attachments": [attachment],
        }  # fmt: skip
        return self.signed(json.dumps(told).encode())

    def event(self, what: str, ours: str, id_: str = "e1", to: str = MARA) -> Posted:
        at = now().strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
        told = {"RecordType": self.kinds.get(what, what), "MessageID": str(UUID(int=7)), "ServerID": 23,
                "Metadata": {"towerdesk": ours}, "MessageStream": "outbound"}  # fmt: skip
        if what in self.types:
            details = {"bounced": NO_SUCH, "deferred": WAIT}.get(what, "")
            told |= {"ID": id_, "Type": self.types[what], "Email": to, "BouncedAt": at, "Details": details}
            told["Description"] = "The server was unable to deliver your message."
        elif what == "complained":
            told |= {"ID": id_, "Type": "SpamComplaint", "Email": to, "BouncedAt": at}
        else:
            told |= {"Recipient": to, "DeliveredAt": at, "Details": f"250 taken {id_}"}
        return self.signed(json.dumps(told).encode())


class FakeSes(Fake):
    name = "ses"
    values = {"topic": TOPIC}
    kinds = {"bounced": "Bounce", "rejected": "Reject", "deferred": "DeliveryDelay", "delivered": "Delivery",
             "complained": "Complaint", "opened": "Open"}  # fmt: skip

    def mail(self, raw: bytes, id_: str = "m1") -> Posted:
        passed = {"status": "PASS"}
        told = {
            "notificationType": "Received",
            "mail": {"source": MARA, "messageId": id_, "destination": [INBOX], "commonHeaders": {"from": [f"Mara <{MARA}>"]}},
            "receipt": {
                "recipients": [INBOX], "spfVerdict": passed, "dkimVerdict": passed, "dmarcVerdict": passed,
                "action": {"type": "SNS", "topicArn": TOPIC, "encoding": "BASE64"},
            },
            "content": base64.b64encode(raw).decode(),
        }  # fmt: skip
        return self.notified(told, f"sns {id_}")

    def event(self, what: str, ours: str, id_: str = "e1", to: str = MARA) -> Posted:
        kind = self.kinds.get(what, what)
        told: dict[str, Any] = {
            "eventType": kind,
            "mail": {
                "messageId": "0100018f",
                "destination": [to],
                "headers": [{"name": "X-Towerdesk-Id", "value": ours}],
            },
        }
        person = {"emailAddress": to}
        more: dict[str, dict[str, Any]] = {
            "Bounce": {"bounce": {"bounceType": "Permanent", "bounceSubType": "General",
                                  "bouncedRecipients": [{**person, "diagnosticCode": f"smtp; {NO_SUCH}"}]}},
            "Reject": {"reject": {"reason": "Bad content"}},
            "DeliveryDelay": {"deliveryDelay": {"delayType": "MailboxFull", "delayedRecipients": [person]}},
            "Delivery": {"delivery": {"recipients": [to], "smtpResponse": "250 2.6.0 taken"}},
            "Complaint": {"complaint": {"complainedRecipients": [person], "complaintFeedbackType": "abuse"}},
        }  # fmt: skip
        return self.notified(told | more.get(kind, {}), id_)

    def notified(self, told: Mapping[str, Any] | str, id_: str, *, topic: str = TOPIC) -> Posted:
        message = told if isinstance(told, str) else json.dumps(told)
        return self.sns({"Type": "Notification", "MessageId": id_, "TopicArn": topic, "Message": message})

    def sns(self, said: Mapping[str, Any]) -> Posted:
        body = json.dumps({**said, "Timestamp": now().strftime("%Y-%m-%dT%H:%M:%S.000Z")}).encode()
        headers = {"X-Amz-Sns-Message-Type": str(said["Type"]), "X-Amz-Sns-Message-Id": str(said["MessageId"])}
        return self.signed(body, "text/plain; charset=UTF-8", **headers)


class FakeBrevo(Fake):
    name = "brevo"
    values = {"token": "xkeysib-0"}
    kinds = {"bounced": "hard_bounce", "rejected": "blocked", "deferred": "deferred", "delivered": "delivered",
             "complained": "spam", "opened": "opened"}  # fmt: skip

    def mail(self, raw: bytes, id_: str = "m1", files: Sequence[Mapping[str, Any]] = ()) -> Posted:
        """It has no whole mails: this is what it makes of one."""
        read = parse(raw)
        headers = {name.title(): values[0] for name, values in read.headers.items() if not name.startswith("content")}
        item = {
            "Uuid": [id_], "MessageId": f"<{read.message_id}>", "Subject": read.subject, "RawTextBody": read.text,
            "RawHtmlBody": None, "Headers": {**headers, "Return-Path": f"<{MARA}>", "Delivered-To": INBOX},
            "From": {"Name": "Mara", "Address": MARA}, "Recipients": [], "Attachments": list(files), "SpamScore": 0.1,
        }  # fmt: skip
        return self.signed(json.dumps({"items": [item]}).encode())

    def event(self, what: str, ours: str, id_: str = "e1", to: str = MARA) -> Posted:
        told = {"event": self.kinds.get(what, what), "email": to, "id": id_, "message-id": f"<{ours}>",
                "ts_epoch": int(now().timestamp() * 1000) - 5000, "subject": "Re: It drips"}  # fmt: skip
        if what in ("bounced", "deferred"):
            told["reason"] = NO_SUCH if what == "bounced" else WAIT
        return self.signed(json.dumps(told).encode())


FAKES: Sequence[type[Fake]] = (FakeMailgun, FakeSendGrid, FakePostmark, FakeSes, FakeBrevo)


def multipart(fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes]] | None = None) -> bytes:
    """Fields go out as latin-1, which is how the bytes of a mail were put into a text here."""
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + value.encode("latin-1")
        + b"\r\n"
        for name, value in fields.items()
    ]
    for name, (filename, content) in (files or {}).items():
        head = (
            f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: image/png\r\n\r\n'
        )
        parts.append(f"--{EDGE}\r\n{head}".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{EDGE}--\r\n".encode()


class FakeApi(FakeServer):
    """Takes mails by the interface of each provider, and gives the files of Brevo's."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}

    def respond(self, asked: Asked) -> Says:
        if found := re.search(r"/inbound/attachments/(.+)$", asked.path):
            content = self.files.get(found[1])
            return Says(200, content, {"Content-Type": "image/png"}) if content is not None else says({}, 404)
        if asked.path.endswith("/messages"):
            return says({"id": "<taken@mg.example>", "message": "Queued. Thank you."})
        if asked.path.endswith("/mail/send"):
            return Says(202, b"", {"X-Message-Id": "14c5d75ce93"})
        if asked.path.endswith("/smtp/email"):
            return says({"messageId": "<taken@smtp-relay.example>"}, 201)
        if asked.path.endswith("/email"):
            return says({"To": MARA, "MessageID": str(UUID(int=7)), "ErrorCode": 0, "Message": "OK"})
        return says({}, 404)
