"""Downloads, interfaces, sources and licences."""
