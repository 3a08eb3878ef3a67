"""What a command on each noun does: one file a noun, functions (change, command) -> the id it was about."""
