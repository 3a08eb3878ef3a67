"""One phone on trial against a real provisioning server: its shell, what it found, and how that is told."""
