"""Desk phones as values: they boot, fetch, parse, apply, register, show, log in and out, and lose power.

This package knows HTTP and SIP messages and nothing of the PBX or of the templates that wrote a file.
"""
