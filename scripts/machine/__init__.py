"""The machine below the application: packages, environment, private PostGIS, servers.

``packages``, ``environment`` and ``say`` run before the virtual environment exists: standard library only.
"""
