package io.weir.core.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * The bytes of a socket, none of which is waited for beyond a deadline that moves with each step.
 */
final class TimedInput extends InputStream {
  private final Socket socket;
  private final InputStream in;
  private long deadline;

  TimedInput(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    waitsAtMost(Duration.ofDays(1));
  }

  /** From now on, until it is set again. */
  void waitsAtMost(Duration patience) {
    deadline = System.nanoTime() + patience.toNanos();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
    return in.read(buffer, offset, length);
  }
}
