"""Calls that fail: refused, reset, timed out, in use, closed."""
import socket
import struct

listener = socket.create_server(("127.0.0.1", 0))
address = listener.getsockname()
second = socket.socket()
for call in (lambda: second.bind(address), lambda: second.recv(1)):
    try:
        call()
    except OSError:
        pass
second.close()
client = socket.create_connection(address)
connection, _ = listener.accept()
client.settimeout(0.05)
try:
    client.recv(10)
except socket.timeout:
    pass
connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
connection.close()
client.settimeout(None)
try:
    client.recv(10)
except ConnectionResetError:
    pass
client.close()
listener.close()
try:
    socket.create_connection(address)
except ConnectionRefusedError:
    pass
