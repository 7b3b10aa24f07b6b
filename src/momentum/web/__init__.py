"""The site: accounts, questions, contests, play pages, REST. Meets realtime only in tickets, HTTP calls and the database."""
