"""A server with the selectors module."""
import selectors
import socket

selector = selectors.DefaultSelector()
listener = socket.create_server(("127.0.0.1", 0))
selector.register(listener, selectors.EVENT_READ)
client = socket.create_connection(listener.getsockname())
client.sendall(b"hello")
done = False
while not done:
    for key, _ in selector.select(timeout=5):
        if key.fileobj is listener:
            connection, _ = listener.accept()
            selector.register(connection, selectors.EVENT_READ)
        else:
            key.fileobj.sendall(key.fileobj.recv(100))
            selector.unregister(key.fileobj)
            key.fileobj.close()
            done = True
client.recv(100)
client.recv(100)
client.close()
selector.close()
listener.close()
