"""Drop every condition of every query once, and see whether a test notices.

``python -m scripts.conditions`` is a tool for who works on the code, not a part of the tests: it takes hours. No file
is changed: what is dropped is dropped in the statements of the process that runs the tests.
"""
