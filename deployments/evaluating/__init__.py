"""What the learning is worth, measured on real texts that are kept beside the project."""
