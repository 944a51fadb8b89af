# Server side
import socket

# Create a TCP/IP socket
server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)

# Let the server start again while an old connection is in TIME_WAIT
server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

# Bind the socket to the address and port
server_socket.bind(('127.0.0.1', 12345))

# Listen for incoming connections
server_socket.listen(5)
print("Listening on 127.0.0.1:12345")

# Accept a connection from a client
client_socket, client_address = server_socket.accept()
print("Connected to", client_address)

# Receive data from the client
data = client_socket.recv(1024)
print("Received from client:", data.decode())

# Send a response to the client
client_socket.send(b"Message received!")

# Close both sockets
client_socket.close()
server_socket.close()
