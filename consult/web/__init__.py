"""What the core itself shows, and the way of a request through it."""
