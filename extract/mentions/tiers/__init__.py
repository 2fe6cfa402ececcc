"""Mentions of classes of firms that an authority recognises."""
