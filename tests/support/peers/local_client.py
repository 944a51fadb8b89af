"""Connects to a local socket, sends a line, ends its side, and prints all that comes back. Arguments: PATH TEXT.

A path that begins with @ is an abstract name (Linux).
"""

import socket
import sys

path, text = sys.argv[1], sys.argv[2]
if path.startswith("@"):
    path = "\0" + path[1:]

client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
client.settimeout(60)
client.connect(path)
client.sendall(text.encode())
client.shutdown(socket.SHUT_WR)
received = b""
while chunk := client.recv(4096):
    received += chunk
print(received.decode(), flush=True)
client.close()
