"""The server: one process for API, portal, provisioning and events, over worlds that the engine hosts."""
