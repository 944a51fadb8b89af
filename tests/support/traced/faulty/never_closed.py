"""A server and a client that close nothing. With "correct" they do."""
import socket
import sys

listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
connection, _ = listener.accept()
connection.sendall(b"hello")
client.recv(100)
if "correct" in sys.argv:
    for one in (client, connection, listener):
        one.close()
