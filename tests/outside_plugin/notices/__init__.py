"""Notices: short announcements of a municipality that hold until a certain day."""
