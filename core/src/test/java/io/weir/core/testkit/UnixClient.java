package io.weir.core.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A client of a Unix socket that sends exactly the bytes that a test names. What it waits for in
 * vain is ended by the test's own limit. For one thread.
 */
public final class UnixClient implements AutoCloseable {
  private final SocketChannel channel;

  private UnixClient(SocketChannel channel) {
    this.channel = channel;
  }

  public static UnixClient connect(Path socket) {
    try {
      return new UnixClient(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    } catch (IOException e) {
      throw new UncheckedIOException("connecting to " + socket, e);
    }
  }

  public UnixClient sends(String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public UnixClient finishesSending() {
    try {
      channel.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What comes, up to and with these words; less if the connection ends before. */
  public String receivesUpTo(String words) {
    return receives(words);
  }

  /** All that comes until the connection ends. */
  public String receivesUntilEof() {
    return receives(null);
  }

  private String receives(@Nullable String upTo) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(1);
    try {
      while (channel.read(one.clear()) > 0) {
        all.write(one.get(0));
        if (upTo != null && all.toString(StandardCharsets.ISO_8859_1).endsWith(upTo)) {
          break;
        }
      }
      return all.toString(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
