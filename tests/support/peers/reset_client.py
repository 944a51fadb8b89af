"""Sends a message and ends the connection at once, with RST. Arguments: HOST PORT [MESSAGE]. Waits for a line on stdin first."""

import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])
message = sys.argv[3] if len(sys.argv) > 3 else "half a mess"

client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client_socket.settimeout(60)
client_socket.connect((host, port))
client_socket.sendall(message.encode())
print("sent", flush=True)
sys.stdin.readline()
# A close that does not linger sends RST instead of FIN.
client_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
client_socket.close()
print("reset", flush=True)
