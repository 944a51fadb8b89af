"""A client that goes on sending after the server has closed. With "correct" it reads until recv() returns nothing first."""
import socket
import sys

listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
connection, _ = listener.accept()
connection.sendall(b"goodbye")
connection.close()
while client.recv(100):
    pass
if "correct" not in sys.argv:
    try:
        for _ in range(3):
            client.sendall(b"are you there?")
    except OSError:
        pass
client.close()
listener.close()
