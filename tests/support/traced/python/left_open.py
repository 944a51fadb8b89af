"""Sockets that nothing closes, and one that only the collector closes."""
import socket

listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
connection, _ = listener.accept()
connection.send(b"bye")
del connection
client.recv(10)
