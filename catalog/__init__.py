"""What the city promises: the responsibility catalogue, its units, each district's policy and working time."""
