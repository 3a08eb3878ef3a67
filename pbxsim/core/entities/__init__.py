"""What a PBX holds: one file for each group of things that belong together, one name here for each.

Entities are frozen and refer to one another by id. They hold no secret and nothing that changes by itself: bindings
and secrets have tables of their own. `NOUNS` is what each kind is called, in messages and in lists.
"""

from __future__ import annotations

from pbxsim.core.entities.accounts import Account, Policy, Settings, Switch
from pbxsim.core.entities.callflows import Callflow, Number, Queue, Strategy, Version
from pbxsim.core.entities.calls import CallRecord, Step
from pbxsim.core.entities.devices import Binding, BlfKey, Device, DirectoryEntry
from pbxsim.core.entities.mailboxes import Folder, Mailbox, Message
from pbxsim.core.entities.users import NOT_FORWARDED, AppLogin, Contact, Forwarding, HotDesk, Tag, User
from pbxsim.core.entities.work import Job, JobAction, JobRow, JobStatus, Mail, Request, RequestKind

__all__ = [
    "NOT_FORWARDED",
    "NOUNS",
    "Account",
    "AppLogin",
    "Binding",
    "BlfKey",
    "CallRecord",
    "Callflow",
    "Contact",
    "Device",
    "DirectoryEntry",
    "Entity",
    "Folder",
    "Forwarding",
    "HotDesk",
    "Job",
    "JobAction",
    "JobRow",
    "JobStatus",
    "Mail",
    "Mailbox",
    "Message",
    "Number",
    "Policy",
    "Queue",
    "Request",
    "RequestKind",
    "Settings",
    "Step",
    "Strategy",
    "Switch",
    "Tag",
    "User",
    "Version",
]

Entity = (
    Account
    | User
    | Device
    | Callflow
    | Version
    | Number
    | Queue
    | Mailbox
    | AppLogin
    | HotDesk
    | Mail
    | Job
    | JobRow
    | CallRecord
    | BlfKey
    | DirectoryEntry
    | Request
    | Message
)

NOUNS: dict[type, str] = {
    Account: "account",
    User: "user",
    Device: "device",
    Callflow: "callflow",
    Version: "version",
    Number: "number",
    Queue: "queue",
    Mailbox: "mailbox",
    AppLogin: "app login",
    HotDesk: "hot desk",
    Mail: "mail",
    Job: "job",
    JobRow: "job row",
    CallRecord: "call record",
    BlfKey: "BLF key",
    DirectoryEntry: "directory entry",
    Message: "message",
    Request: "request",
}
