package io.weir.daemon.replay;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a file, packed or not, of which one at a time is in memory. */
final class LogLines implements AutoCloseable {
  /** Longer than any line that is written here; the rest of a longer one is passed over. */
  private static final int LONGEST = 1 << 20;

  private static final int BUFFER = 1 << 16;
  private static final int GZIP_MAGIC = 0x1f8b;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private byte[] line = new byte[1024];
  private int length;

  LogLines(InputStream in) throws IOException {
    this.in = unpacked(in);
  }

  /** Opens a file; {@code -} is the standard input. */
  static LogLines open(Path file) throws IOException {
    InputStream in = file.toString().equals("-") ? System.in : Files.newInputStream(file);
    try {
      return new LogLines(in);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** What gzip has packed is told by how it begins, whatever its name. */
  private static InputStream unpacked(InputStream in) throws IOException {
    BufferedInputStream looked = new BufferedInputStream(in, BUFFER);
    looked.mark(2);
    int magic = looked.read() << 8 | looked.read();
    looked.reset();
    return magic == GZIP_MAGIC ? new GZIPInputStream(looked, BUFFER) : looked;
  }

  /** The next line without its end, one char for each byte; null at the end of the file. */
  @Nullable String next() throws IOException {
    length = 0;
    boolean any = false;
    while (fill()) {
      any = true;
      int newline = at;
      while (newline < end && buffer[newline] != '\n') {
        newline++;
      }
      keep(newline - at);
      boolean whole = newline < end;
      at = whole ? newline + 1 : end;
      if (whole) {
        break;
      }
    }
    int size = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    return any ? new String(line, 0, size, StandardCharsets.ISO_8859_1) : null;
  }

  private boolean fill() throws IOException {
    if (at < end) {
      return true;
    }
    at = 0;
    end = Math.max(in.read(buffer), 0);
    return end > 0;
  }

  private void keep(int count) {
    int kept = Math.min(count, LONGEST - length);
    if (length + kept > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + kept));
    }
    System.arraycopy(buffer, at, line, length, kept);
    length += kept;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
