import socket

import pytest

from mlplatform.local.cluster import ports
from mlplatform.local.cluster.ports import NoFreePortError, free_ports, listens


def test_ports_are_different_and_free():
    found = free_ports(8)
    assert len(set(found)) == 8
    for port in found:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", port))


def test_a_port_in_use_is_not_given(monkeypatch: pytest.MonkeyPatch):
    (taken,) = free_ports(1)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", taken))
        monkeypatch.setattr(ports, "_RANGE", range(taken, taken + 1))
        monkeypatch.setattr(ports, "_TRIES", 1)
        with pytest.raises(NoFreePortError, match=f"1 free ports were asked for and 0 found among 1 of {taken}-{taken}"):
            free_ports(1)


def test_who_listens_is_seen():
    (port,) = free_ports(1)
    assert not listens(port)
    with socket.create_server(("127.0.0.1", port)):
        assert listens(port)
