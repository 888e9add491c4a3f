"""The application: web pages, workflows, exports and the pure rules (nothing is imported here)."""
