"""Consult."""
