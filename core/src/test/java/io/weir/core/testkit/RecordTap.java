package io.weir.core.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/**
 * A socket beneath TLS that knows of which type the last record was that came through it. For one
 * thread.
 */
final class RecordTap extends Socket {
  private static final int ALERT = 21;
  private static final int HEADER_BYTES = 5;

  private int at; // in the record's header, or at its end
  private int left; // of its content
  private int type;
  private int lastType;

  /**
   * Whether the last thing that was said was an alert, which is what close_notify is. Its type can
   * be seen up to TLS 1.2.
   */
  boolean endsWithAlert() {
    return lastType == ALERT && at == 0;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        for (int i = 0; i < count; i++) {
          sees(buffer[offset + i] & 0xff);
        }
        return count;
      }
    };
  }

  private void sees(int b) {
    if (at == HEADER_BYTES) {
      left--;
    } else {
      if (at == 0) {
        type = b;
      }
      left = at < 3 ? 0 : left << 8 | b;
      at++;
    }
    if (at == HEADER_BYTES && left == 0) {
      lastType = type;
      at = 0;
    }
  }
}
