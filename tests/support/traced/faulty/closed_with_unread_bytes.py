"""A server that answers and closes without reading the whole request. With "correct" it reads to the end."""
import socket
import sys

listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
connection, _ = listener.accept()
client.sendall(b"a header\n" + b"and a body\n")
client.shutdown(socket.SHUT_WR)
connection.recv(9)
while "correct" in sys.argv and connection.recv(9):
    pass
connection.close()
try:
    client.recv(100)
except OSError:
    pass
client.close()
listener.close()
