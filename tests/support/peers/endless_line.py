"""Sends one line of many bytes without an end, prints what it sent, and closes when its input ends.

Arguments: HOST PORT MEBIBYTES.
"""

import socket
import sys

host, port, mebibytes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client_socket.settimeout(60)
client_socket.connect((host, port))
block = b"a" * (1024 * 1024)
for _ in range(mebibytes):
    client_socket.sendall(block)
print(mebibytes * len(block), flush=True)
sys.stdin.read()
client_socket.close()
