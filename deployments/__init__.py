"""How it runs: the resident worker, district files, the local stack, compose and Kubernetes files, the command."""
