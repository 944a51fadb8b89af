"""Accepts clients, one after the other, and prints its own port, then each read of them in hex.

Each line of its standard input, bytes in hex, is sent to the client that is connected.
"""

import socket
import sys
import threading

server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server_socket.settimeout(60)
server_socket.bind(("127.0.0.1", 0))
server_socket.listen(1)
print(server_socket.getsockname()[1], flush=True)
connection, address = server_socket.accept()


def send_lines():
    for line in sys.stdin:
        connection.sendall(bytes.fromhex(line))


threading.Thread(target=send_lines, daemon=True).start()
while True:
    data = connection.recv(65536)
    if data:
        print(data.hex(), flush=True)
        continue
    connection.close()
    connection, address = server_socket.accept()
