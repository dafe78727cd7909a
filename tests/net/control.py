"""The control socket by hand: a line of JSON goes in, a line comes out."""
import json
import socket


def open_socket(daemon):
    """A connection from here into the daemon's host."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.connect(f"/proc/{daemon.host.pid}/root{daemon.socket}")
    sock.settimeout(20)
    return sock


class Control:
    """One connection after the other, a request each."""

    def __init__(self, daemon):
        self.daemon = daemon

    def ask(self, verb):
        with open_socket(self.daemon) as sock:
            sock.sendall(request(verb))
            return json.loads(read_line(sock))


def request(verb):
    return json.dumps({"verb": verb}).encode() + b"\n"


def read_line(sock):
    """Up to the end of the line, or of what there is."""
    data = b""
    while not data.endswith(b"\n"):
        more = sock.recv(1 << 16)
        if not more:
            break
        data += more
    return data
