# Client side
import socket

# Create a TCP/IP socket
client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)

# Connect the socket to the server's address and port
client_socket.connect(('127.0.0.1', 12345))

# Send data to the server
data = b"Hello, server!"
client_socket.send(data)

# Receive a response from the server
response = client_socket.recv(1024)
print("Response from server:", response.decode())

# Close the connection
client_socket.close()
