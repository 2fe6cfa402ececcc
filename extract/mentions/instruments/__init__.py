"""Mentions of policy instruments and reports, and what is printed beside their titles."""
