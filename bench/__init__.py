"""Scenarios that are run by hand and print figures: fairness, load, kills. README.md says how; nothing imports them."""
