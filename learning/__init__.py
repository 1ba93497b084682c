"""What is learnt from texts: which catalogue item a request is about, and how sure that is."""
