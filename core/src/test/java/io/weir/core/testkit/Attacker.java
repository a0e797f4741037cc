package io.weir.core.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends requests from any address of 127.0.0.0/8 and counts what comes back, whatever that is. Any
 * number of threads.
 */
public final class Attacker {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int STATUS = 9; // where "HTTP/1.1 " ends

  private final InetSocketAddress target;
  private final AtomicInteger[] answers = new AtomicInteger[600];
  private final AtomicInteger sentAway = new AtomicInteger();

  public Attacker(InetSocketAddress target) {
    this.target = target;
    for (int i = 0; i < answers.length; i++) {
      answers[i] = new AtomicInteger();
    }
  }

  /** The n-th address of a network of attackers, from 127.16.0.1 on. */
  public static InetAddress address(int n) {
    int host = n + 1;
    try {
      return InetAddress.getByAddress(
          new byte[] {127, (byte) (16 + (host >> 16)), (byte) (host >> 8), (byte) host});
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** How many answers had a status. */
  public int answers(int status) {
    return answers[status].get();
  }

  /** How many connections ended before they were made or everything asked was answered. */
  public int sentAway() {
    return sentAway.get();
  }

  /** Connects from an address. */
  public Socket connect(InetAddress from) throws IOException {
    Socket socket = bound(from);
    socket.connect(target, PATIENCE_MILLIS);
    return socket;
  }

  /** Connects from an address and stays, until it is closed or the other side sends it away. */
  public Socket hold(InetAddress from) throws IOException {
    Socket socket = bound(from);
    try {
      socket.connect(target, PATIENCE_MILLIS);
    } catch (SocketException reset) {
      // Sent away already: a reset that comes before connect() returns is what connect() tells.
      sentAway.incrementAndGet();
    }
    return socket;
  }

  private static Socket bound(InetAddress from) throws IOException {
    Socket socket = new Socket();
    socket.setReuseAddress(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    socket.bind(new InetSocketAddress(from, 0));
    return socket;
  }

  /** Sends requests at once on one connection, and reads until all are answered or it ends. */
  public int asks(InetAddress from, String request, int times) {
    return asksAll(from, request.repeat(times), times);
  }

  /** The same for requests that are different. */
  public int asksAll(InetAddress from, String requests, int times) {
    int answered = 0;
    try (Socket socket = connect(from)) {
      socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (answered < times && readsAnswer(in) > 0) {
        answered++;
      }
    } catch (IOException end) {
      // as below
    }
    if (answered < times) {
      sentAway.incrementAndGet();
    }
    return answered;
  }

  /** Reads one answer with a Content-Length; its status, or 0 at the end. */
  public int readsAnswer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return 0;
      }
      head.append((char) next);
    }
    String lower = head.toString().toLowerCase(Locale.ROOT);
    int length = lower.indexOf("content-length: ") + "content-length: ".length();
    in.skipNBytes(Integer.parseInt(lower.substring(length, lower.indexOf('\r', length))));
    int status = Integer.parseInt(head.substring(STATUS, STATUS + 3));
    answers[status].incrementAndGet();
    return status;
  }
}
