"""Asks a UDP echo every PERIOD seconds for SECONDS, and prints the longest silence.

usage: udpclient.py ADDRESS PORT PERIOD SECONDS

Silence is the time between the sending of two answered requests that follow each other, less one
period: what a client would have had to wait.  One line of JSON: sent, answered, silence (seconds).
"""
import json
import select
import socket
import struct
import sys
import time


def main():
    target, period = (sys.argv[1], int(sys.argv[2])), float(sys.argv[3])
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    sent, answered = [], set()
    start = time.monotonic()
    end = start + float(sys.argv[4])
    print("ready", flush=True)
    while time.monotonic() < end:
        try:
            sock.sendto(struct.pack("!I", len(sent)), target)
        except OSError:
            pass                    # no route, no neighbour: a request that failed
        sent.append(time.monotonic())
        due = start + len(sent) * period
        while True:
            left = due - time.monotonic()
            if not select.select([sock], [], [], max(0, left))[0]:
                break
            try:
                answered.add(struct.unpack("!I", sock.recv(100))[0])
            except OSError:
                pass
            if left <= 0:
                break
    times = [sent[number] for number in sorted(answered)]
    silence = max((b - a for a, b in zip(times, times[1:])), default=0.0) - period
    print(json.dumps({"sent": len(sent), "answered": len(answered), "silence": silence}),
          flush=True)


if __name__ == "__main__":
    main()
