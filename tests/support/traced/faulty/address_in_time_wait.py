"""A server that starts again at once. With "correct" it sets SO_REUSEADDR."""
import socket
import sys


def run(address):
    listener = socket.socket()
    if "correct" in sys.argv:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen()
        address = listener.getsockname()
        client = socket.create_connection(address)
        connection, _ = listener.accept()
        connection.close()
        client.recv(1)
        client.close()
    except OSError as error:
        print(error)
    listener.close()
    return address


run(run(("127.0.0.1", 0)))
