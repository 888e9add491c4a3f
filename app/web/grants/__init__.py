"""The grant package: own schools, the choice, and the files."""
