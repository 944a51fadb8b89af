"""A server thread and a client: one message each way."""
import socket
import threading

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", 0))
listener.listen(5)


def serve():
    connection, _ = listener.accept()
    connection.recv(1024)
    connection.send(b"Message received!")
    connection.close()


thread = threading.Thread(target=serve)
thread.start()
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect(listener.getsockname())
client.send(b"Hello, server!")
client.recv(1024)
client.close()
thread.join()
listener.close()
