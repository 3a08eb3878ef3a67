"""One file per vendor: its file names, its syntax, and what its firmware would misread.

`VENDORS` is the whole registry; tests run over it.
"""

from __future__ import annotations

from provisioning.models import VendorName
from provisioning.vendors import aastra, yealink
from provisioning.vendors.contract import Vendor

VENDORS: dict[VendorName, Vendor] = {"yealink": yealink, "aastra": aastra}
