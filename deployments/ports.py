"""TCP ports of this machine's loopback."""

import socket

LOOPBACK = "127.0.0.1"


def taken(port: int) -> bool:
    """Whether somebody listens there already."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one closed a moment ago is free
        try:
            tried.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def free_port(wished: int) -> int:
    """The wished port, or any free one where it is taken."""
    if not taken(wished):
        return wished
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        return int(found.getsockname()[1])
