"""A server that forks for its client."""
import os
import socket

listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
connection, _ = listener.accept()
if os.fork() == 0:
    listener.close()
    client.close()
    connection.sendall(connection.recv(100))
    connection.close()
    os._exit(0)
connection.close()
client.sendall(b"to the child")
client.recv(100)
os.wait()
client.close()
listener.close()
