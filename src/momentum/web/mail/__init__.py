"""Mails: one function each, sent by the worker; kept in the data directory where no mail server is set."""
