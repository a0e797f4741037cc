package io.weir.core.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** An address at which no connection is ever established; held so that nobody else gets it. */
public final class DeadEnd implements AutoCloseable {
  private final InetSocketAddress address;
  private final List<AutoCloseable> held;

  private DeadEnd(InetSocketAddress address, List<AutoCloseable> held) {
    this.address = address;
    this.held = held;
  }

  /** Connecting is refused at once: the port is bound, but nobody listens. */
  public static DeadEnd refusing() {
    try {
      Socket bound = new Socket();
      bound.bind(loopback());
      return new DeadEnd((InetSocketAddress) bound.getLocalSocketAddress(), List.of(bound));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connecting gets no answer: the queue of the listening socket is full and nobody accepts. */
  public static DeadEnd silent() {
    try {
      ServerSocket full = new ServerSocket();
      full.bind(loopback(), 1);
      InetSocketAddress address = (InetSocketAddress) full.getLocalSocketAddress();
      List<AutoCloseable> held = new ArrayList<>(List.of(full));
      // Linux queues one connection more than it was told; the rest is dropped without a word.
      for (int i = 0; i < 2; i++) {
        Socket filler = new Socket();
        filler.connect(address, 1_000);
        held.add(filler);
      }
      return new DeadEnd(address, held);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(Wire.loopback(), 0);
  }

  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : held) {
      one.close();
    }
  }
}
