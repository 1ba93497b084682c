"""What happens to a request: life cycle, clocks, ladders, routing and endings, as pure decisions."""
