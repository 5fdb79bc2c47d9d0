"""What is typed about events: the event, a place, the door."""
