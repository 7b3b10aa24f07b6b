"""The wire: typed messages from and to clients, close codes, tickets, and `audience`: event -> who hears what.

Pure, and the only place where an event becomes something that leaves the server.
"""
