"""Sockets for the doctor's tests: prints the port (or path), then holds on until its input ends.

tcp HOST            listens
udp HOST            is bound
greet TEXT          listens, and greets each connection
silent              listens, accepts and says nothing
stale PATH          leaves the file of a socket behind
datagram PATH       a local socket of datagrams
local PATH          a local socket that listens
"""

import socket
import sys
import threading

kind, argument = sys.argv[1], (sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1")


def family(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def serve(listener, greeting):
    carryOver = []
    while True:
        connection, _ = listener.accept()
        carryOver.append(connection)
        if greeting:
            connection.sendall(greeting)


if kind in ("tcp", "greet", "silent"):
    host = argument if kind == "tcp" else "127.0.0.1"
    opened = socket.socket(family(host), socket.SOCK_STREAM)
    if ":" in host:
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    opened.bind((host, 0))
    opened.listen(5)
    if kind != "tcp":
        greeting = argument.encode() + b"\r\n" if kind == "greet" else b""
        threading.Thread(target=serve, args=(opened, greeting), daemon=True).start()
    print(opened.getsockname()[1], flush=True)
elif kind == "udp":
    opened = socket.socket(family(argument), socket.SOCK_DGRAM)
    opened.bind((argument, 0))
    print(opened.getsockname()[1], flush=True)
else:
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM if kind == "datagram" else socket.SOCK_STREAM)
    opened.bind(argument)
    if kind == "local":
        opened.listen(5)
    if kind == "stale":
        opened.close()
    print(argument, flush=True)
sys.stdin.read()
