"""Where parts meet: builds each process. The only package that knows both the site and realtime."""
