"""WebSockets at both ends: `python3 -m harness.echo serve PORT...`, and `... load PORT CONNECTIONS SECONDS`, which prints JSON.

What a proxy carries after the handshake is bytes, so both ends do as little as the protocol allows: messages of one size
in one frame each, masked by the client with zeros.
"""

import asyncio
import base64
import hashlib
import json
import os
import sys
import time

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PAYLOAD = b"weir" * 25  # 100 bytes, below the 126 that need a longer head
ASKED = b"\x82" + bytes([0x80 | len(PAYLOAD)]) + bytes(4) + PAYLOAD
ANSWERED = b"\x82" + bytes([len(PAYLOAD)]) + PAYLOAD


class Served(asyncio.Protocol):
    """A connection of the server."""

    def connection_made(self, transport):
        self._transport = transport
        self._received = b""
        self._open = False

    def data_received(self, data):
        self._received += data
        if not self._open:
            head, end, rest = self._received.partition(b"\r\n\r\n")
            if not end:
                return
            answer = accepting(head)
            self._transport.write(answer)
            self._received, self._open = rest, answer.startswith(b"HTTP/1.1 101")
            if not self._open:
                return
        messages, left = divmod(len(self._received), len(ASKED))
        if self._received != ASKED * messages + ASKED[:left]:
            self._transport.abort()
            return
        self._received = self._received[len(self._received) - left :]
        if messages:
            self._transport.write(ANSWERED * messages)


def accepting(head: bytes) -> bytes:
    """The answer to a handshake; to a request that is none, what a probe for life wants to hear."""
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
    if b"sec-websocket-key" not in fields:
        return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    lines = head.split(b"\r\n")
    key = next(line.split(b":", 1)[1].strip() for line in lines if line.lower().startswith(b"sec-websocket-key:"))
    accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
    upgrade = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    return upgrade + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"


class Asking(asyncio.Protocol):
    """A connection of the load: one message under way at any time."""

    def __init__(self, ended: asyncio.Future):
        self.messages = 0
        self._ended = ended
        self._received = b""
        self._key = base64.b64encode(os.urandom(16))

    def connection_made(self, transport):
        self._transport = transport
        self._open = False
        head = b"GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        transport.write(head + b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + self._key + b"\r\n\r\n")

    def data_received(self, data):
        self._received += data
        if not self._open:
            head, end, rest = self._received.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 101 "):
                self._fail(head)
                return
            self._received, self._open = rest, True
            self._transport.write(ASKED)
        if len(self._received) >= len(ANSWERED):
            if self._received != ANSWERED:
                self._fail(self._received)
                return
            self._received = b""
            self.messages += 1
            self._transport.write(ASKED)

    def connection_lost(self, failure):
        self._fail(b"the connection was lost")

    def _fail(self, what: bytes):
        if not self._ended.done():
            self._ended.set_exception(ConnectionError(what.decode(errors="replace")))


async def serve(ports: list[int]) -> None:
    loop = asyncio.get_running_loop()
    for port in ports:
        await loop.create_server(Served, "127.0.0.1", port, backlog=1024)
    await asyncio.Event().wait()


async def load(port: int, connections: int, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    ended = loop.create_future()
    asking = [Asking(ended) for _ in range(connections)]
    began = time.monotonic()
    for one in asking:
        await loop.create_connection(lambda one=one: one, "127.0.0.1", port)
    await asyncio.wait([ended], timeout=seconds)
    if ended.done():
        ended.result()
    print(json.dumps({"messages": sum(one.messages for one in asking), "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        asyncio.run(serve([int(port) for port in sys.argv[2:]]))
    else:
        asyncio.run(load(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
