"""The Markdown of comments: markdown-it's rules, and our own where people mean something else."""
