"""What carries commands and envelopes between nodes. One contract; nothing that matters is kept here."""
