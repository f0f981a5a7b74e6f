"""History: snapshots of records, the events that left them, and what differs between two of them."""
