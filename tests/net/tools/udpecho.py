"""Answers UDP datagrams on one address, whether the host has it now or not.

usage: udpecho.py ADDRESS PORT
"""
import socket
import sys

IP_FREEBIND = 15


def main():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_IP, IP_FREEBIND, 1)
    sock.bind((sys.argv[1], int(sys.argv[2])))
    print("ready", flush=True)
    while True:
        data, sender = sock.recvfrom(100)
        try:
            sock.sendto(data, sender)
        except OSError:             # the address has just left us
            continue


if __name__ == "__main__":
    main()
