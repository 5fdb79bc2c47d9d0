"""Events: meetings that people can really come to."""
