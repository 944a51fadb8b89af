"""Runs a server until it says that it is ready, then clients one after another: run_both.py SERVER CLIENT..."""
import subprocess
import sys

server_file, *client_files = sys.argv[1:]
server = None
if server_file != "-":
    server = subprocess.Popen([sys.executable, "-u", server_file], stdout=subprocess.PIPE)
    server.stdout.readline()
for client_file in client_files:
    subprocess.run([sys.executable, client_file], check=False)
if server:
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.kill()
