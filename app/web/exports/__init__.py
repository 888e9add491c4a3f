"""Printed pages for people."""
