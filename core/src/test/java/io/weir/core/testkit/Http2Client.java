package io.weir.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends exactly the frames that a test names, acknowledges what must be, and keeps
 * what comes back by stream. For one thread.
 */
public final class Http2Client implements AutoCloseable {
  public static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private static final int SMALL_BUFFER = 64 * 1024;

  private final Socket transport;
  private final Socket socket;
  private final TimedInput timed;
  private final DataInputStream in;
  private final HpackText hpack = new HpackText();
  private final Map<Integer, Http2Response> responses = new HashMap<>();
  private final Map<Integer, Long> serverSettings = new HashMap<>();
  private final Map<Integer, Long> windowUpdates = new HashMap<>();

  private long lastPong;
  private int pongs;
  private int settingsAcks;
  private boolean answersPings = true;
  private boolean keepsBodies = true;
  private @Nullable Integer goAway;
  private int lastStream = Integer.MAX_VALUE;
  private String why = "";
  private boolean closed;

  private Http2Client(Socket transport, Socket socket) throws IOException {
    this.transport = transport;
    this.socket = socket;
    this.timed = new TimedInput(socket);
    this.in = new DataInputStream(timed);
  }

  /** Connects and says nothing. */
  public static Http2Client connect(InetSocketAddress address) {
    return connect(address, 0);
  }

  private static Http2Client connect(InetSocketAddress address, int receiveBuffer) {
    try {
      Socket socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      dial(socket, address);
      return new Http2Client(socket, socket);
    } catch (IOException e) {
      throw new UncheckedIOException("connecting to " + address, e);
    }
  }

  private static void dial(Socket socket, InetSocketAddress address) throws IOException {
    socket.setTcpNoDelay(true);
    socket.connect(address, (int) ByteClient.PATIENCE.toMillis());
  }

  /** Connects, says what a client says first, and has heard what a server says first. */
  public static Http2Client open(InetSocketAddress address) {
    return connect(address).begins();
  }

  /** The same with a kernel that takes in little. */
  public static Http2Client openWithSmallBuffer(InetSocketAddress address) {
    return connect(address, SMALL_BUFFER).begins();
  }

  /** The same over TLS, h2 agreed on by ALPN. */
  public static Http2Client openTls(InetSocketAddress address, String serverName) {
    return openTls(address, TlsOffer.named(serverName));
  }

  /** The same, but for the protocol. */
  public static Http2Client openTls(InetSocketAddress address, TlsOffer offer) {
    try {
      Socket transport = new RecordTap();
      dial(transport, address);
      Socket tls = offer.protocols("h2").handshake(transport, ByteClient.PATIENCE);
      return new Http2Client(transport, tls).begins();
    } catch (IOException e) {
      throw new UncheckedIOException("TLS to " + address, e);
    }
  }

  private Http2Client begins() {
    sends(PREFACE).sends(Http2Frame.settings());
    receivesUntil("SETTINGS and its ACK", () -> settingsAcks > 0 && !serverSettings.isEmpty());
    return this;
  }

  public Http2Client sends(String text) {
    return sends(Wire.bytes(text));
  }

  /** All in one write. */
  public Http2Client sends(Http2Frame... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Http2Frame frame : frames) {
      all.writeBytes(frame.bytes());
    }
    return sends(all.toByteArray());
  }

  public Http2Client sends(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("sending", e);
    }
  }

  /** Whether all was taken: one who is attacked may close in the midst of it. */
  public boolean sendsWhatIsTaken(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return true;
    } catch (IOException closedEarly) {
      return false;
    }
  }

  /** From now on bodies are counted and not kept. */
  public Http2Client dropsBodies() {
    keepsBodies = false;
    return this;
  }

  /** From now on PINGs of the server are not answered. */
  public Http2Client ignoresPings() {
    answersPings = false;
    return this;
  }

  /** A GET of {@code /} on that stream. */
  public Http2Client asks(int stream, String... more) {
    return asksFor(stream, "/", more);
  }

  public Http2Client asksFor(int stream, String path, String... more) {
    return sends(
        Http2Frame.headers(
            stream,
            Http2Frame.END_HEADERS | Http2Frame.END_STREAM,
            HpackText.together(head("GET", path), HpackText.literals(more))));
  }

  /** What opens a WebSocket at {@code /chat} on that stream (RFC 8441). */
  public static Http2Frame webSocket(int stream, int flags, String... more) {
    byte[] head =
        HpackText.literals(
            ":method",
            "CONNECT",
            ":protocol",
            "websocket",
            ":scheme",
            "http",
            ":path",
            "/chat",
            ":authority",
            "a",
            "sec-websocket-version",
            "13");
    return Http2Frame.headers(stream, flags, HpackText.together(head, HpackText.literals(more)));
  }

  /** The head of its answer, which is that it is open. */
  public Http2Response receivesOpening(int stream) {
    Http2Response response = on(stream);
    receivesUntil("an answer", () -> response.status() > 0);
    assertThat(response.status()).as("%s", response).isEqualTo(200);
    return response;
  }

  /** The head of a request whose body follows. */
  public Http2Client begins(int stream, String method, String path, String... more) {
    return sends(
        Http2Frame.headers(
            stream,
            Http2Frame.END_HEADERS,
            HpackText.together(head(method, path), HpackText.literals(more))));
  }

  public static byte[] head(String method, String path) {
    return HpackText.literals(
        ":method", method, ":scheme", "http", ":path", path, ":authority", "a");
  }

  /** The whole response, which is not reset. */
  public Http2Response receives(int stream, int status) {
    Http2Response response = on(stream);
    receivesUntil(
        "a response on stream " + stream, () -> response.ended() || response.reset() != null);
    assertThat(response.status()).as("status of %s", response).isEqualTo(status);
    assertThat(response.ended()).as("end of %s", response).isTrue();
    return response;
  }

  /** A reset of that stream, and the error that it has. */
  public int receivesReset(int stream) {
    Http2Response response = on(stream);
    receivesUntil("a reset of stream " + stream, () -> response.reset() != null);
    return Objects.requireNonNull(response.reset());
  }

  /** A GOAWAY, and the error that it has. */
  public int receivesGoAway() {
    receivesUntil("a GOAWAY", () -> goAway != null);
    return Objects.requireNonNull(goAway);
  }

  public Http2Client receivesEnd() {
    while (!closed && receivesFrame()) {
      // Whatever comes before it.
    }
    return this;
  }

  /** Whatever comes before the end that TLS asks for: its word for it (up to TLS 1.2), then FIN. */
  public Http2Client receivesEndOfTls() throws IOException {
    receivesEnd();
    assertThat(transport)
        .isInstanceOfSatisfying(
            RecordTap.class, tap -> assertThat(tap.endsWithAlert()).as("close_notify").isTrue());
    transport.setSoTimeout((int) ByteClient.PATIENCE.toMillis());
    assertThat(transport.getInputStream().read()).as("FIN").isEqualTo(-1);
    return this;
  }

  /** Sends a PING and takes all that comes before its answer; false if the end came instead. */
  public boolean isAnswered() {
    long opaque = System.nanoTime();
    if (!sendsWhatIsTaken(Http2Frame.ping(opaque).bytes())) {
      receivesEnd();
      return false;
    }
    while (lastPong != opaque) {
      if (closed || !receivesFrame()) {
        return false;
      }
    }
    return true;
  }

  public Http2Response on(int stream) {
    return responses.computeIfAbsent(stream, id -> new Http2Response());
  }

  /** The error of the last GOAWAY, or null. */
  public @Nullable Integer goAway() {
    return goAway;
  }

  /** The last stream that a GOAWAY named. */
  public int lastStream() {
    return lastStream;
  }

  /** What the last GOAWAY said in words. */
  public String why() {
    return why;
  }

  public Map<Integer, Long> serverSettings() {
    return serverSettings;
  }

  public int settingsAcks() {
    return settingsAcks;
  }

  public int pongs() {
    return pongs;
  }

  /** What the server gave back of a stream's window, or of the connection's by 0. */
  public long windowGiven(int stream) {
    return windowUpdates.getOrDefault(stream, 0L);
  }

  /** Takes frames until that holds. */
  public Http2Client receivesUntil(String expected, BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      if (closed || !receivesFrame()) {
        throw new AssertionError(
            "expected " + expected + ", got the end; GOAWAY " + goAway + " " + why);
      }
    }
    return this;
  }

  /** Takes one frame; false at the end of the connection. */
  public boolean receivesFrame() {
    timed.waitsAtMost(ByteClient.PATIENCE);
    try {
      byte[] header = in.readNBytes(9);
      if (header.length == 0) {
        closed = true;
        return false;
      }
      ByteBuffer parts = ByteBuffer.wrap(header);
      int length = ((parts.get() & 0xff) << 16) | (parts.getShort() & 0xffff);
      int type = parts.get();
      int flags = parts.get();
      int stream = parts.getInt();
      byte[] payload = in.readNBytes(length);
      if (payload.length < length) {
        throw new EOFException("in a frame");
      }
      takes(new Http2Frame(type, flags, stream, payload));
      return true;
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no frame within " + ByteClient.PATIENCE + ": " + responses);
    } catch (SocketException | EOFException reset) {
      closed = true;
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void takes(Http2Frame frame) {
    boolean ends = frame.has(Http2Frame.END_STREAM);
    switch (frame.type()) {
      case Http2Frame.HEADERS -> {
        assertThat(frame.has(Http2Frame.END_HEADERS)).as("one frame of %s", frame).isTrue();
        on(frame.stream()).takes(hpack.decode(frame.payload()), ends);
      }
      case Http2Frame.DATA -> on(frame.stream()).takes(frame.payload(), ends, keepsBodies);
      case Http2Frame.RST_STREAM -> on(frame.stream()).isReset(frame.number());
      case Http2Frame.SETTINGS -> takesSettings(frame);
      case Http2Frame.PING -> takesPing(frame);
      case Http2Frame.GOAWAY -> {
        lastStream = frame.number();
        goAway = ByteBuffer.wrap(frame.payload()).getInt(4);
        why = Wire.text(frame.payload()).substring(8);
      }
      case Http2Frame.WINDOW_UPDATE ->
          windowUpdates.merge(frame.stream(), (long) frame.number(), Long::sum);
      default -> throw new AssertionError("unexpected: " + frame);
    }
  }

  private void takesSettings(Http2Frame frame) {
    if (frame.has(Http2Frame.ACK)) {
      settingsAcks++;
      return;
    }
    ByteBuffer pairs = ByteBuffer.wrap(frame.payload());
    while (pairs.hasRemaining()) {
      serverSettings.put((int) pairs.getShort(), pairs.getInt() & 0xffff_ffffL);
    }
    sendsWhatIsTaken(Http2Frame.settingsAck().bytes());
  }

  private void takesPing(Http2Frame frame) {
    if (frame.has(Http2Frame.ACK)) {
      pongs++;
      lastPong = ByteBuffer.wrap(frame.payload()).getLong();
    } else if (answersPings) {
      sendsWhatIsTaken(Http2Frame.of(Http2Frame.PING, Http2Frame.ACK, 0, frame.payload()).bytes());
    }
  }

  @Override
  public void close() {
    try {
      transport.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
