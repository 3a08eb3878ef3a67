"""What a phone says on the wire: HTTP fetches with their challenges, registrations, the messages of a call."""
