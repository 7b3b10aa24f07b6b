"""Why something was not done: a code for programs, a sentence for people. Pages show it, the API answers it."""


class Refusal(Exception):
    """`str()` is the sentence, translated, and says what to do. `status` is the HTTP status that fits."""

    error = "refused"
    status = 409
