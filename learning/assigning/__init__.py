"""What is learnt from who has handled what: which unit a matter at a place goes to, row after row."""
