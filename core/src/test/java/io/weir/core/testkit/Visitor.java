package io.weir.core.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An honest client who asks for a page again and again while others attack, and takes the time. */
public final class Visitor implements AutoCloseable {
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Attacker answers; // only counts
  private final Socket socket;
  private final List<Long> nanos = new ArrayList<>();
  private final Thread thread;
  private volatile boolean ended;
  private volatile int failures;

  private Visitor(InetSocketAddress address) throws IOException {
    answers = new Attacker(address);
    socket = answers.connect(Attacker.address(-2)); // 127.15.255.255
    thread = Thread.ofPlatform().name("visitor").start(this::visit);
  }

  public static Visitor comesTo(InetSocketAddress address) {
    try {
      return new Visitor(address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void visit() {
    try {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (!ended) {
        long began = System.nanoTime();
        socket.getOutputStream().write(REQUEST);
        if (answers.readsAnswer(in) != 200) {
          failures++;
        }
        nanos.add(System.nanoTime() - began);
      }
    } catch (IOException e) {
      failures++;
    }
  }

  /** Ends the visits; how many there were. */
  public int leaves() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    nanos.sort(null);
    return nanos.size();
  }

  /** How many visits did not get the page. */
  public int failures() {
    return failures;
  }

  /** After the visits: what 99 of 100 took at most, in milliseconds. */
  public double p99Millis() {
    return nanos.isEmpty() ? 0 : nanos.get((int) (nanos.size() * 0.99)) / 1e6;
  }

  @Override
  public void close() {
    leaves();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
