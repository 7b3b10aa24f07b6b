"""What is promised when something fails, tried on real processes; docs/explanation/reliability.md has the table."""
