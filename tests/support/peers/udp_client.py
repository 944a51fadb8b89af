"""Sends a datagram and prints what comes back: `udp_client.py PORT TEXT`."""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
    client.settimeout(60)
    client.sendto(sys.argv[2].encode(), ("127.0.0.1", int(sys.argv[1])))
    print(client.recvfrom(65535)[0].decode(), flush=True)
