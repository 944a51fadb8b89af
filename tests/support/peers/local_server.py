"""Listens on a local socket. Arguments: PATH MODE.

echo: answers one client with what it sends until it ends its side, then ends its own; prints its length at the end.
die: ends at once and leaves its path behind, as a server that was killed does.
"""

import socket
import sys

path, mode = sys.argv[1], sys.argv[2]
server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
server.settimeout(60)
server.bind(path)
server.listen(1)
print("listening", flush=True)
if mode == "die":
    sys.exit(0)

client, _ = server.accept()
client.settimeout(60)
length = 0
while chunk := client.recv(65536):
    length += len(chunk)
    client.sendall(chunk)
client.shutdown(socket.SHUT_WR)
client.close()
print(length, flush=True)
