"""A client that calls send() once with more than the kernel takes. With "correct" it uses sendall()."""
import socket
import sys
import threading

listener = socket.create_server(("127.0.0.1", 0))
proceed = threading.Event()


def serve():
    connection, _ = listener.accept()
    with connection:
        proceed.wait()
        while connection.recv(65536):
            pass


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(listener.getsockname()) as client:
    data = bytes(16_000_000)
    if "correct" in sys.argv:
        proceed.set()
        client.sendall(data)
    else:
        client.setblocking(False)
        client.send(data)
        proceed.set()
thread.join()
listener.close()
