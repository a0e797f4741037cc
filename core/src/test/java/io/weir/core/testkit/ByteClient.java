package io.weir.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * A client that sends exactly the bytes that a test names and judges strictly what comes back.
 *
 * <p>Every {@code receives…} waits at most {@link #PATIENCE} and fails with what had come so far.
 * For one thread.
 */
public final class ByteClient implements AutoCloseable {
  /** Longer than any pause of a busy machine, shorter than a test runner's own limit. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int PIECE = 64 * 1024;

  private final Socket transport;
  private final Socket socket;
  private final TimedInput timed;
  private final BufferedInputStream in;
  private final MessageReader reader;
  private final AtomicLong sent = new AtomicLong();

  private ByteClient(Socket transport, Socket socket) throws IOException {
    this.transport = transport;
    this.socket = socket;
    this.timed = new TimedInput(socket);
    this.in = new BufferedInputStream(timed, PIECE);
    this.reader = new MessageReader(in);
  }

  public static ByteClient connect(InetSocketAddress address) {
    try {
      Socket socket = dial(address, new Socket());
      return new ByteClient(socket, socket);
    } catch (IOException e) {
      throw new UncheckedIOException("connecting to " + address, e);
    }
  }

  /**
   * A client whose kernel takes in little, so that a pause of the test is felt at the other end.
   */
  public static ByteClient connectWithSmallWindow(InetSocketAddress address) {
    try {
      Socket socket = new Socket();
      socket.setReceiveBufferSize(PIECE);
      dial(address, socket);
      return new ByteClient(socket, socket);
    } catch (IOException e) {
      throw new UncheckedIOException("connecting to " + address, e);
    }
  }

  /** A connection on which nothing was said yet. */
  public record Dialled(Socket transport) {
    public ByteClient shakesHands(TlsOffer offer) {
      try {
        return new ByteClient(transport, offer.handshake(transport, PATIENCE));
      } catch (IOException e) {
        throw new UncheckedIOException("TLS to " + transport.getRemoteSocketAddress(), e);
      }
    }
  }

  public static Dialled dials(InetSocketAddress address) {
    try {
      return new Dialled(dial(address, new Socket()));
    } catch (IOException e) {
      throw new UncheckedIOException("connecting to " + address, e);
    }
  }

  /** A client that speaks TLS and has already shaken hands; it believes any certificate. */
  public static ByteClient connectTls(InetSocketAddress address, TlsOffer offer) {
    return connectTls(address, offer, 0);
  }

  /** The same with a kernel that takes in little. */
  public static ByteClient connectTlsWithSmallWindow(InetSocketAddress address, TlsOffer offer) {
    return connectTls(address, offer, PIECE);
  }

  private static ByteClient connectTls(
      InetSocketAddress address, TlsOffer offer, int receiveBuffer) {
    try {
      Socket transport = new RecordTap();
      if (receiveBuffer > 0) {
        transport.setReceiveBufferSize(receiveBuffer);
      }
      dial(address, transport);
      return new ByteClient(transport, offer.handshake(transport, PATIENCE));
    } catch (IOException e) {
      throw new UncheckedIOException("TLS to " + address, e);
    }
  }

  /** The same, after these bytes in the clear. */
  public static ByteClient connectTlsAfter(
      InetSocketAddress address, String before, String serverName) {
    try {
      Socket transport = dial(address, new Socket());
      transport.getOutputStream().write(Wire.bytes(before));
      return new ByteClient(transport, TlsOffer.named(serverName).handshake(transport, PATIENCE));
    } catch (IOException e) {
      throw new UncheckedIOException("TLS to " + address, e);
    }
  }

  /** Whether a connection is refused, or ended before it was asked anything. */
  public static boolean isSentAwayFrom(InetSocketAddress address) {
    try (ByteClient client = connect(address)) {
      client.receivesClose();
      return true;
    } catch (UncheckedIOException refused) {
      return true;
    }
  }

  /** Whether nobody listens there. */
  public static boolean isRefusedBy(InetSocketAddress address) {
    try (ByteClient client = connect(address)) {
      return false;
    } catch (UncheckedIOException refused) {
      return true;
    }
  }

  private static Socket dial(InetSocketAddress address, Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.connect(address, (int) PATIENCE.toMillis());
    return socket;
  }

  public InetSocketAddress localAddress() {
    return (InetSocketAddress) transport.getLocalSocketAddress();
  }

  /** The TLS session, where this client speaks TLS. */
  public Optional<SSLSocket> tls() {
    return socket instanceof SSLSocket tls ? Optional.of(tls) : Optional.empty();
  }

  /** Bytes that the kernel took; readable by any thread. */
  public long sentCount() {
    return sent.get();
  }

  public ByteClient sends(String text) {
    return sends(Wire.bytes(text));
  }

  public ByteClient sends(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      sent.addAndGet(bytes.length);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("sending " + Wire.printable(bytes), e);
    }
  }

  /** Sends beneath TLS, where this client speaks it: records that are none. */
  public ByteClient sendsBeneath(String text) {
    try {
      transport.getOutputStream().write(Wire.bytes(text));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("sending beneath TLS", e);
    }
  }

  /** Sends in writes of so many bytes, each a packet of its own. */
  public ByteClient sendsInPiecesOf(int size, String text) {
    byte[] bytes = Wire.bytes(text);
    for (int at = 0; at < bytes.length; at += size) {
      sends(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
    }
    return this;
  }

  /** Sends as much as the other side takes: one that refuses early may close in the midst of it. */
  public ByteClient sendsWhatIsTaken(String text) {
    try {
      socket.getOutputStream().write(Wire.bytes(text));
    } catch (IOException closedEarly) {
      // What it answered before is what the test looks at.
    }
    return this;
  }

  /** The same with each byte a packet of its own. */
  public ByteClient sendsWhatIsTakenByteByByte(String text) {
    try {
      for (byte b : Wire.bytes(text)) {
        socket.getOutputStream().write(b);
      }
    } catch (IOException closedEarly) {
      // What it answered before is what the test looks at.
    }
    return this;
  }

  /** Sends so many zero bytes. */
  public ByteClient sendsZeros(long count) {
    byte[] piece = new byte[PIECE];
    for (long left = count; left > 0; left -= piece.length) {
      sends(left < piece.length ? new byte[(int) left] : piece);
    }
    return this;
  }

  /** Sends FIN (on TLS a close_notify) and goes on reading. */
  public ByteClient finishesSending() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends RST. */
  public void resets() {
    try {
      transport.setSoLinger(true, 0);
      transport.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends FIN and reads nothing more. */
  @Override
  public void close() {
    try {
      transport.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One whole response to a request that was not HEAD, with this status. */
  public Response receives(int status) {
    Response response = receivesResponse();
    assertThat(response.status()).as("status of %s", response).isEqualTo(status);
    return response;
  }

  public Response receivesResponse() {
    return receivesResponseTo("GET");
  }

  /** One whole response, read as the answer to a request with this method. */
  public Response receivesResponseTo(String method) {
    return within("a response", () -> reader.body(reader.responseHead(), method));
  }

  /** A head alone; what follows is the test's to read. */
  public Response receivesHead() {
    return within("a response head", reader::responseHead);
  }

  /** The first head that is not 1xx, or nothing where a reset comes instead. */
  public Optional<Response> receivesFinalHeadOrReset() {
    return within(
        "a response head or a reset",
        () -> {
          try {
            Response head = reader.responseHead();
            while (head.status() < 200) {
              head = reader.responseHead();
            }
            return Optional.of(head);
          } catch (SocketException reset) {
            return Optional.empty();
          }
        });
  }

  /** Whether the body after a head ends before it says that it does. */
  public boolean bodyBreaksOff(Response head) {
    return within(
        "the end of a body",
        () -> {
          try {
            reader.body(head, "GET");
            return false;
          } catch (EOFException | SocketException early) {
            return true;
          }
        });
  }

  public String receivesBytes(int count) {
    return within(
        count + " bytes",
        () -> {
          byte[] bytes = in.readNBytes(count);
          assertThat(bytes.length)
              .as("bytes before the end: %s", Wire.printable(bytes))
              .isEqualTo(count);
          return Wire.text(bytes);
        });
  }

  /** Reads and forgets so many bytes; the patience is for each read, not for all of them. */
  public ByteClient receivesAndDrops(long count) {
    byte[] piece = new byte[PIECE];
    for (long left = count; left > 0; ) {
      int want = (int) Math.min(left, piece.length);
      int got = within("more of " + count + " bytes", () -> in.read(piece, 0, want));
      assertThat(got).as("end of stream %d bytes early", left).isPositive();
      left -= got;
    }
    return this;
  }

  /** Everything until FIN; fails on a reset. */
  public String receivesUntilEof() {
    return within("the end", () -> Wire.text(in.readAllBytes()));
  }

  /** FIN and nothing before it. */
  public void receivesEof() {
    assertThat(Wire.printable(Wire.bytes(receivesUntilEof()))).as("bytes before the end").isEmpty();
  }

  /** The end, and before it nothing but the word that TLS has for it; up to TLS 1.2. */
  public void receivesEndOfTls() {
    receivesEof();
    assertThat(transport)
        .isInstanceOfSatisfying(
            RecordTap.class, tap -> assertThat(tap.endsWithAlert()).as("close_notify").isTrue());
  }

  /** What comes before an end that TLS has no word for; up to TLS 1.2. */
  public String receivesUntilCut() {
    String received = receivesUntilEof();
    assertThat(transport)
        .isInstanceOfSatisfying(
            RecordTap.class, tap -> assertThat(tap.endsWithAlert()).as("close_notify").isFalse());
    return received;
  }

  /** RST and nothing before it. */
  public void receivesReset() {
    int read =
        within(
            "a reset",
            () -> {
              try {
                return in.read();
              } catch (SocketException reset) {
                return Integer.MIN_VALUE;
              }
            });
    assertThat(read).as("a byte, or -1 for FIN, instead of a reset").isEqualTo(Integer.MIN_VALUE);
  }

  /** The connection's end, by FIN or RST, and not one byte before it. */
  public void receivesClose() {
    int read =
        within(
            "the end",
            () -> {
              try {
                return in.read();
              } catch (SocketException reset) {
                return -1;
              }
            });
    assertThat(read).as("a byte instead of the end").isEqualTo(-1);
  }

  /** Whatever comes before the connection's end, by FIN or RST. */
  public String receivesUntilClose() {
    StringBuilder text = new StringBuilder();
    return within(
        "the end",
        () -> {
          try {
            for (int b = in.read(); b >= 0; b = in.read()) {
              text.append((char) b);
            }
          } catch (SocketException | SSLException reset) {
            // An end like the other.
          }
          return text.toString();
        });
  }

  /** Whatever comes within that time, or before the connection's end. */
  public String receivesUntilClose(Duration patience) {
    StringBuilder text = new StringBuilder();
    timed.waitsAtMost(patience);
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        text.append((char) b);
      }
    } catch (IOException endOrSilence) {
      // What came is what is asked for.
    }
    return text.toString();
  }

  /** Neither a byte nor an end for that long. */
  public ByteClient receivesNothingFor(Duration silence) {
    timed.waitsAtMost(silence);
    int read;
    try {
      read = in.read();
    } catch (SocketTimeoutException expected) {
      return this;
    } catch (IOException e) {
      throw new AssertionError("the connection broke where silence was expected", e);
    }
    throw new AssertionError(
        read < 0
            ? "the connection ended where silence was expected"
            : "a byte came: " + (char) read);
  }

  private interface Step<T> {
    T take() throws IOException;
  }

  private <T> T within(String expected, Step<T> step) {
    timed.waitsAtMost(PATIENCE);
    try {
      return step.take();
    } catch (SocketTimeoutException e) {
      throw new AssertionError(
          "expected "
              + expected
              + " within "
              + PATIENCE.toSeconds()
              + " s, got:\n"
              + Wire.printable(reader.raw()));
    } catch (IOException e) {
      throw new AssertionError(
          "expected " + expected + ", got " + e + " after:\n" + Wire.printable(reader.raw()), e);
    }
  }
}
