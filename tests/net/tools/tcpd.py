"""A small TCP server: tells its name in one line to whoever asks.

usage: tcpd.py ADDRESS:PORT:NAME ...

It stands for a broker behind the proxy.  A health check that connects and leaves does no harm.
"""
import socketserver
import sys
import threading


class Answer(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self):
        try:
            while self.rfile.readline():
                self.wfile.write(self.server.label)
        except OSError:
            return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


def main():
    servers = []
    for spec in sys.argv[1:]:
        address, port, name = spec.split(":")
        server = Server((address, int(port)), Answer)
        server.label = f"{name}\n".encode()
        servers.append(threading.Thread(target=server.serve_forever))
    for thread in servers:
        thread.start()
    print("ready", flush=True)


if __name__ == "__main__":
    main()
