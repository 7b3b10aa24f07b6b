"""The REST frame: authentication, errors, documentation, health. Each app's own calls stand in its `api` module."""
