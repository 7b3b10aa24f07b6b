"""Keys with which an organiser's scripts call the API: made, named, limited to scopes, revoked.

Knows accounts; no contest and no game. Which call asks for which scope stands at the call.
"""
