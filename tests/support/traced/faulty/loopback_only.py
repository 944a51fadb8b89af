"""A server on loopback, and a client that tries another address of the machine. With "correct" it uses loopback."""
import socket
import sys

listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
probe.connect(("192.0.2.1", 9))
own = probe.getsockname()[0]
probe.close()
try:
    with socket.create_connection(("127.0.0.1" if "correct" in sys.argv else own, port), 5):
        connection, _ = listener.accept()
        connection.close()
except OSError as error:
    print(error)
listener.close()
