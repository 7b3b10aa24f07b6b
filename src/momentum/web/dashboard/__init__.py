"""The organiser's first page: own contests, and what to do next."""
