"""Stored plans beside each other and under other assumptions, and the three queues of schools."""
