"""Sends a message and prints the first COUNT bytes of the answer in hex: `reply_client.py PORT COUNT`."""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=60) as client:
    client.sendall(b"hello")
    reply = b""
    while len(reply) < int(sys.argv[2]):
        data = client.recv(65536)
        if not data:
            break
        reply += data
    print(reply.hex(), flush=True)
