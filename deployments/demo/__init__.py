"""The other side of the counter: simulated units, a dispatcher and citizens, who speak only through what is public.

They know webhooks, the staff API and the pages, and nothing of the ledger or of Prefect. What each of them does is
written in ``requests.yaml``, or, for requests that are not in it, follows from the case's number. ``run`` plays the
demo, ``python -m deployments.demo --district demo`` gives a running stack its other side and sends nothing itself.
"""
