"""Ports for the servers of tests."""

import random
import socket

RANGE = range(20_000, 32_000)
"""Below the ports that systems give to outgoing connections, which tests open by thousands."""


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    while True:
        port = random.choice(RANGE)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
