"""Where the page asks for a key."""
