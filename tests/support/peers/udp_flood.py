"""`udp_flood.py PORT COUNT LENGTH` sends COUNT datagrams of LENGTH bytes from one socket as fast as it can, then ends."""

import socket
import sys

port, count, length = (int(text) for text in sys.argv[1:4])
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    sender.connect(("127.0.0.1", port))
    for _ in range(count):
        sender.send(b"x" * length)
print("sent", flush=True)
