"""What is known of Yealink's firmware: settings that people make at the phone, and encrypted files."""

from __future__ import annotations

from device_emulator.firmware.yealink_facts import FUSIONPBX, GUIDE, row

# ---- personal settings

PROTECT = row(
    "local.protect",
    "auto_provision.custom.protect is this by default: the server overwrites what people have set.",
    "vendor guide",
    GUIDE,
    "0",
    "1",
)
LOCAL_WINS = row(
    "local.wins",
    "With custom.protect 1, what people have set at the phone comes before the server's files, and those before the "
    "factory's values.",
    "vendor guide",
    "DECT and T4 series guides: the order of precedence",
    True,
    False,
)
LOCAL_SINCE = row(
    "local.since",
    "What was changed before custom.protect was 1 is not in the local file.",
    "vendor guide",
    GUIDE,
    True,
    False,
)
STATIC_NEVER = row(
    "local.static",
    "Keys with `static.` before them are never in the local file.",
    "vendor guide",
    GUIDE,
    True,
    False,
)
SYNC = row(
    "local.sync",
    "auto_provision.custom.sync is this by default: the local file stays in the phone.",
    "unverified",
    "the key is published, its default is not",
    "0",
    "1",
)
LOCAL_NAME = row(
    "local.name",
    "The local file is kept at the server under this name.",
    "vendor guide",
    GUIDE,
    "{mac}-local.cfg",
    "{mac}-personal.cfg",
)
LOCAL_FETCHED = row(
    "local.fetched",
    "With custom.protect and custom.sync each run fetches the local file after the other files; 404 is normal until "
    "something has been changed.",
    "vendor guide",
    GUIDE,
    True,
    False,
)
LOCAL_SENT = row(
    "local.sent",
    "With custom.protect and custom.sync each change at the phone uploads the local file.",
    "vendor guide",
    GUIDE,
    True,
    False,
)
UPLOAD_METHODS = row(
    "local.methods",
    "auto_provision.custom.upload_method 0 uploads by the first of these methods, 1 by the second.",
    "vendor guide",
    f"{GUIDE}: HTTP PUT, or POST by the setting",
    ("PUT", "POST"),
    ("POST", "PUT"),
)
UPLOAD_METHOD = row(
    "local.method",
    "upload_method is this by default.",
    "unverified",
    "the guides name PUT first, and no default",
    "0",
    "1",
)
SYNC_PATH = row(
    "local.path",
    "auto_provision.custom.sync.path, where there is one, is where the local file goes and comes from; else the "
    "server's URL.",
    "source code",
    FUSIONPBX,
    True,
    False,
)
RESET_LOCAL = row(
    "local.reset",
    "The menu's item of this name empties the local file; what is in force stays so until a run changes it.",
    "vendor guide",
    GUIDE,
    "Reset local settings",
    "Clear local settings",
)

# ---- encryption

AES_COMMON = row(
    "aes.common-keys",
    "These settings hold the AES key of common files and of what a boot file includes.",
    "vendor guide",
    f"{GUIDE}; the second from V8x on",
    ("auto_provision.aes_key_16.com", "auto_provision.aes_key.com"),
    (),
)
AES_OWN = row(
    "aes.own-keys",
    "These settings hold the AES key of the phone's own file; while they are empty the common key counts.",
    "vendor guide",
    f"{GUIDE}; the second from V8x on",
    ("auto_provision.aes_key_16.mac", "auto_provision.aes_key.mac"),
    (),
)
AES_SIZES = row(
    "aes.sizes",
    "A key of 16 characters is AES-128, one of 32 AES-256; any other is none. The mode is ECB.",
    "source code",
    "gitaware/yealink-encryption, traviscross/yealink-keycrack",
    ("16", "32"),
    ("24",),
)
AES_PADDING = row(
    "aes.padding",
    "What fills an encrypted file up to 16 bytes is PKCS7 or zeros; either is taken away.",
    "source code",
    "gitaware/yealink-encryption",
    True,
    False,
)
AES_DETECTED = row(
    "aes.detected",
    "A file is taken for encrypted when it does not begin with the version line.",
    "source code",
    "traviscross/yealink-keycrack: an encrypted file has no mark of its own",
    True,
    False,
)
ONLY_ENCRYPTED = row(
    "aes.only",
    "auto_provision.update_file_mode is this by default: plain files are read; with 1 only encrypted ones are.",
    "vendor guide",
    GUIDE,
    "0",
    "1",
)
RSA = row(
    "rsa.mark",
    "A file that begins so is encrypted to the vendor's own key, which this phone has not: it is ignored.",
    "source code",
    "gitaware/yealink-encryption: the file's form",
    "#!encrypt:",
    "#!rsa:",
)
