"""A server that parses each line as JSON, and prints what it counted when the peer has ended."""
import json
import socket

with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    connection, _ = server.accept()
    with connection, connection.makefile("r", encoding="utf-8") as lines:
        messages = [json.loads(line) for line in lines]

print(json.dumps({
    "lines": len(messages),
    "sum": sum(message["n"] for message in messages),
    "devices": sorted({message["device"] for message in messages}),
    "of": messages[-1]["of"],
}, separators=(",", ":")), flush=True)
