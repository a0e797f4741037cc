"""Slow clients: `python3 -m harness.slow PORT FORM COUNT` holds as many connections as it can until it is ended.

They come from many addresses, and each does as little as keeps it alive: a header line, a byte of a body, or a read,
every few seconds. One that is sent away comes back.
"""

import contextlib
import itertools
import signal
import socket
import sys
import time
from enum import Enum

PERIOD_SECONDS = 5
PER_ADDRESS = 50
SMALL_BUFFER = 4096


class Form(Enum):
    """What is done slowly."""

    HEADERS = "headers"
    BODIES = "bodies"
    READS = "reads"


FIRST = {
    Form.HEADERS: b"GET /small HTTP/1.1\r\nHost: localhost\r\n",
    Form.BODIES: b"POST /sink HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n",
    Form.READS: b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n",
}
NEXT = {Form.HEADERS: b"X-Slow: 1\r\n", Form.BODIES: b"x", Form.READS: b""}


def connect(number: int, port: int, form: Form) -> socket.socket | None:
    """A connection that has begun; None if it was refused."""
    slow = socket.socket()
    try:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        slow.bind((f"127.1.{number // PER_ADDRESS // 250}.{number // PER_ADDRESS % 250 + 1}", 0))
        slow.settimeout(5)
        slow.connect(("127.0.0.1", port))
        slow.sendall(FIRST[form])
        slow.setblocking(False)
        return slow
    except OSError:
        slow.close()
        return None


def goes_on(slow: socket.socket, form: Form) -> bool:
    """Does its little; False if it was sent away."""
    try:
        if NEXT[form]:
            slow.send(NEXT[form])
        return slow.recv(1 if form is Form.READS else SMALL_BUFFER) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def main(port: int, form: Form, count: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    slow: list[socket.socket | None] = [connect(number, port, form) for number in range(count)]
    print(sum(one is not None for one in slow), flush=True)
    pause = PERIOD_SECONDS / count
    with contextlib.suppress(KeyboardInterrupt):
        for number in itertools.cycle(range(count)):
            one = slow[number]
            if one is None or not goes_on(one, form):
                if one is not None:
                    one.close()
                slow[number] = connect(number, port, form)
            time.sleep(pause)


if __name__ == "__main__":
    main(int(sys.argv[1]), Form(sys.argv[2]), int(sys.argv[3]))
