"""Ports of this machine."""

import socket

from deployments.ports import free_port, taken


def test_a_port_somebody_listens_on_is_taken_and_another_is_found() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        assert taken(port)
        found = free_port(port)
        assert found != port
        assert not taken(found)
    assert not taken(port)
    assert free_port(port) == port
