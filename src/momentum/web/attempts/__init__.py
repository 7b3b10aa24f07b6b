"""Contests that everybody plays alone: frozen questions, participants, attempts, their answers, and their pages."""
