"""Mentions of classes: those that noun phrases name, those that share words, those that get amounts one by one."""
