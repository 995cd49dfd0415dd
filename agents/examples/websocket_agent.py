"""An outside agent in plain Python: plays one incident over OpenEnv's WebSocket frames, without any library.

The harness starts it once per episode and says in ONCALL_WS_URL where the incident is:

    {"commands": {"looker": {"argv": ["python3", "{config_dir}/websocket_agent.py"], "version": "1"}}}

Replace `next_action` with your own; everything else is the connection.
"""

import base64
import json
import os
import socket
from urllib.parse import urlsplit

SERVICES = ["load_balancer", "web_server", "cache", "database", "message_queue"]


def next_action(observation, step):
    """Looks at every service once, then hands over. An action is text like this, or a dict such as
    {"type": "update_config", "service": "cache", "key": "ttl_s", "value": 300}."""
    if step < len(SERVICES):
        return f"inspect_metrics({SERVICES[step]})"
    red = [slo["name"] for slo in observation["slo"] if not slo["ok"]]
    return f"escalate(missed objectives: {' '.join(red) or 'none'})"


class Frames:
    """One WebSocket, text frames only (RFC 6455)."""

    def __init__(self, url):
        address = urlsplit(url)
        self.socket = socket.create_connection((address.hostname, address.port), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self.stream = self.socket.makefile("rb")
        status = self.stream.readline()
        if b" 101 " not in status:
            raise ConnectionError(f"expected an upgrade, got {status!r}")
        while self.stream.readline().strip():
            pass

    def ask(self, frame):
        """Sends a frame and returns the data of its reply."""
        self._send(1, json.dumps(frame).encode())
        while True:
            opcode, payload = self._receive()
            if opcode == 9:
                self._send(10, payload)  # a ping wants a pong
            elif opcode == 8:
                raise ConnectionError("the server closed the connection")
            elif opcode == 1:
                reply = json.loads(payload)
                if reply["type"] == "error":
                    raise RuntimeError(reply["data"]["message"])
                return reply["data"]

    def _send(self, opcode, payload):
        length = len(payload)
        head = bytes([128 | opcode])
        head += bytes([128 | length]) if length < 126 else bytes([128 | 126]) + length.to_bytes(2, "big")
        mask = os.urandom(4)
        self.socket.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def _receive(self):
        first, second = self.stream.read(2)
        length = second & 127
        if length > 125:
            length = int.from_bytes(self.stream.read(2 if length == 126 else 8), "big")
        return first & 15, self.stream.read(length)


def main():
    frames = Frames(os.environ["ONCALL_WS_URL"])
    reply = frames.ask({"type": "reset"})
    step = 0
    while not reply["done"]:
        print(reply["observation"]["text"].split("\n")[0])
        reply = frames.ask({"type": "step", "data": next_action(reply["observation"], step)})
        step += 1


if __name__ == "__main__":
    main()
