"""Answers each datagram with itself, on loopback: `udp_echo.py 4` or `udp_echo.py 6`. Prints its port first."""

import socket
import sys

family, host = (socket.AF_INET6, "::1") if sys.argv[1] == "6" else (socket.AF_INET, "127.0.0.1")
with socket.socket(family, socket.SOCK_DGRAM) as server:
    server.bind((host, 0))
    print(server.getsockname()[1], flush=True)
    while True:
        data, address = server.recvfrom(65535)
        server.sendto(data, address)
