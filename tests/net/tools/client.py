"""A client of the service: asks again and again, and writes one line of JSON each time.

usage: client.py ADDRESS PORT PERIOD TIMEOUT

Each request is a new connection, as a client's retry would make it.  A line has "t" (seconds since
the epoch at which the request began), "took" (seconds), and "from" (the server's name) or "error".
"""
import json
import socket
import sys
import time


def ask(address, port, timeout):
    try:
        with socket.create_connection((address, port), timeout) as sock:
            sock.sendall(b"who\n")
            answer = sock.recv(100).decode().strip()
    except OSError as error:
        return {"error": error.strerror or str(error) or type(error).__name__}
    return {"from": answer} if answer else {"error": "closed without an answer"}


def main():
    address, port = sys.argv[1], int(sys.argv[2])
    period, timeout = float(sys.argv[3]), float(sys.argv[4])
    due = time.monotonic()
    while True:
        wall, began = time.time(), time.monotonic()
        result = ask(address, port, timeout)
        print(json.dumps({"t": wall, "took": time.monotonic() - began, **result}), flush=True)
        due = max(due + period, time.monotonic())
        time.sleep(max(0.0, due - time.monotonic()))


if __name__ == "__main__":
    main()
