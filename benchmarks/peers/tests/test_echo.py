"""The ends of the WebSocket row speak to each other."""

import asyncio
import unittest

from harness import echo, machine


class EchoTest(unittest.IsolatedAsyncioTestCase):
    async def test_a_message_comes_back(self):
        port = machine.free_port()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(echo.Served, "127.0.0.1", port)
        one = echo.Asking(loop.create_future())
        transport, _ = await loop.create_connection(lambda: one, "127.0.0.1", port)
        while one.messages < 3:
            await asyncio.sleep(0)
        transport.abort()
        server.close()

    def test_the_accepted_key_is_that_of_the_rfc(self):
        head = b"GET / HTTP/1.1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        self.assertIn(b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", echo.accepting(head))

    def test_a_request_that_is_no_handshake_is_answered(self):
        self.assertIn(b" 200 ", echo.accepting(b"GET / HTTP/1.1\r\nHost: a"))
