"""The configuration server of desk phones: who asks, what he may have, and how it is written.

This package knows HTTP requests and plans. It knows neither the PBX behind the plans nor how a phone reads a file.
"""
