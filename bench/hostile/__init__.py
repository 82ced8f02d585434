"""What one hostile address costs the others: its attacks, the others, and what they notice."""
