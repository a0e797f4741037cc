package io.weir.packaging;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that ask again and again, up to a thousand times a second each, until they are closed.
 */
final class Load implements AutoCloseable {
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nhost: shared\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong limited = new AtomicLong();
  private final AtomicLong slowest = new AtomicLong();
  private final AtomicLong longestPause = new AtomicLong();
  private final AtomicReference<Object> wrong = new AtomicReference<>();
  private volatile boolean closed;

  /** On each of these, so many clients. */
  Load(int each, String... servers) {
    threads.add(Thread.ofPlatform().start(this::pauses));
    for (String server : servers) {
      URI url = URI.create(server);
      for (int i = 0; i < each; i++) {
        threads.add(Thread.ofPlatform().start(() -> run(url)));
      }
    }
  }

  private void pauses() {
    while (!closed) {
      long began = System.nanoTime();
      LockSupport.parkNanos(PAUSE);
      longestPause.accumulateAndGet(System.nanoTime() - began, Math::max);
    }
  }

  private void run(URI url) {
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (!closed) {
        long began = System.nanoTime();
        socket.getOutputStream().write(REQUEST);
        count(status(in));
        slowest.accumulateAndGet(System.nanoTime() - began, Math::max);
        LockSupport.parkNanos(began + PAUSE - System.nanoTime());
      }
    } catch (IOException e) {
      wrong.compareAndSet(null, e);
    }
  }

  private void count(int status) {
    switch (status) {
      case 200 -> passed.incrementAndGet();
      case 429 -> limited.incrementAndGet();
      default -> wrong.compareAndSet(null, status);
    }
  }

  /** Reads one response to its end. */
  private static int status(InputStream in) throws IOException {
    String first = line(in);
    int length = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    in.skipNBytes(length);
    return Integer.parseInt(first.split(" ")[1]);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection was closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  long passed() {
    return passed.get();
  }

  /** All that were answered. */
  long answered() {
    return passed.get() + limited.get();
  }

  /** The longest that anybody waited since this was asked last, in milliseconds. */
  long slowestMillis() {
    return TimeUnit.NANOSECONDS.toMillis(slowest.getAndSet(0));
  }

  /** The longest that a thread slept that wanted a millisecond, since this was asked last. */
  long longestPauseMillis() {
    return TimeUnit.NANOSECONDS.toMillis(longestPause.getAndSet(0));
  }

  /** What was no 200 and no 429; null if all were. */
  Object wrong() {
    return wrong.get();
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
