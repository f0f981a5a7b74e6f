import socket

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443)])
def test_no_test_reaches_the_network(address):
    with pytest.raises(AssertionError, match=f"A test tried to reach {address[0]}"):
        socket.create_connection(address, 1)
