"""What a game or a contest left behind: its board, questions, each player's answers, exports, read-only links."""
