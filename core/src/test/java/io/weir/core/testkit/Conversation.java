package io.weir.core.testkit;

import io.weir.core.testkit.Openssl.CertificateFiles;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connection as a backend sees it: what a script does, and the record of what came.
 *
 * <p>Scripts call it on the connection's own thread; the record may be read by any.
 */
public final class Conversation {
  /** Enough for every story that looks at bytes; uploads beyond it are only counted. */
  private static final int RECORDED = 4 * 1024 * 1024;

  private static final int PIECE = 64 * 1024;

  private final Socket socket;
  private final Recorder recorder;
  private final BufferedInputStream in;
  private final MessageReader reader;
  private final RequestLog log;
  private final AtomicLong sent = new AtomicLong();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable MalformedMessageException malformed;

  Conversation(Socket socket, RequestLog log) throws IOException {
    this.socket = socket;
    this.log = log;
    this.recorder = new Recorder(socket.getInputStream());
    this.in = new BufferedInputStream(recorder, PIECE);
    this.reader = new MessageReader(in);
  }

  void play(Script script) {
    try {
      script.play(this);
    } catch (IOException | UncheckedIOException endedByTheProxy) {
      // The record says how far it came.
    } catch (Exception e) {
      throw new IllegalStateException("a backend's script failed", e);
    } finally {
      closes();
      ended.countDown();
    }
  }

  /** Accepts TLS and waits for a first byte within it; what is sent afterwards goes beneath TLS. */
  public void receivesWithinTls(CertificateFiles files) throws IOException {
    SSLSocket tls = Openssl.serverSide(socket, files);
    tls.startHandshake();
    if (tls.getInputStream().read() < 0) {
      throw new IOException("ended before a request");
    }
  }

  /**
   * Accepts TLS and answers the request that comes within it.
   *
   * @param goodbye whether TLS ends with its word before the connection does
   */
  public void answersWithinTls(CertificateFiles files, String response, boolean goodbye)
      throws IOException {
    answersWithinTls(files, request -> response, goodbye);
  }

  /** The same with an answer that depends on the request's head. */
  public void answersWithinTls(
      CertificateFiles files, UnaryOperator<String> response, boolean goodbye) throws IOException {
    SSLSocket tls = Openssl.serverSide(socket, files);
    StringBuilder request = new StringBuilder();
    while (!request.toString().endsWith("\r\n\r\n")) {
      request.append((char) tls.getInputStream().read());
    }
    tls.getOutputStream().write(Wire.bytes(response.apply(request.toString())));
    if (goodbye) {
      tls.shutdownOutput();
    }
  }

  /** A request that must come. */
  public Request receivesRequest() throws IOException {
    return nextRequest().orElseThrow(() -> new IOException("ended before a request"));
  }

  /** The next whole request, or nothing when the proxy closes instead. */
  public Optional<Request> nextRequest() throws IOException {
    return remember(() -> {
      Request head = reader.requestHead();
      return head == null ? null : reader.body(head);
    });
  }

  /** The head of a request, with its body left to {@link #receivesBody} or {@link #drops}. */
  public Request receivesHead() throws IOException {
    return nextHead().orElseThrow(() -> new IOException("ended before a request"));
  }

  /** The same, or nothing when the proxy closes instead. */
  public Optional<Request> nextHead() throws IOException {
    return remember(reader::requestHead);
  }

  /** The body that belongs to a head. */
  public Request receivesBody(Request head) throws IOException {
    return remember(() -> reader.body(head)).orElseThrow();
  }

  public byte[] receivesBytes(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** The bytes up to a line feed, with it. */
  public byte[] receivesLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      if (b == '\n') {
        return line.toByteArray();
      }
    }
    throw new IOException("ended before a line");
  }

  /** Reads and forgets so many bytes. */
  public Conversation drops(long count) throws IOException {
    byte[] piece = new byte[PIECE];
    for (long left = count; left > 0; ) {
      int got = in.read(piece, 0, (int) Math.min(left, piece.length));
      if (got < 0) {
        throw new IOException("ended " + left + " bytes early");
      }
      left -= got;
    }
    return this;
  }

  public Conversation sends(String text) {
    return sends(Wire.bytes(text));
  }

  public Conversation sends(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      sent.addAndGet(bytes.length);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends so many zero bytes. */
  public Conversation sendsZeros(long count) {
    byte[] piece = new byte[PIECE];
    for (long left = count; left > 0; left -= piece.length) {
      sends(left < piece.length ? new byte[(int) left] : piece);
    }
    return this;
  }

  /** Waits until a test opens the gate; reads nothing meanwhile. */
  public Conversation waitsFor(CountDownLatch gate) throws InterruptedException {
    gate.await();
    return this;
  }

  /** Reads and forgets until the proxy ends the connection. */
  public void waitsForEnd() {
    byte[] piece = new byte[PIECE];
    try {
      while (in.read(piece) >= 0) {
        // Only the end matters.
      }
    } catch (IOException reset) {
      // An end like the other.
    }
  }

  /** Sends FIN and goes on reading. */
  public void finishesSending() throws IOException {
    socket.shutdownOutput();
  }

  /** Sends RST. */
  public void resets() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  public void closes() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The requests that came so far, each as far as the script read it. */
  public List<Request> requests() {
    return log.of(this);
  }

  /** Every byte that came, up to {@value #RECORDED}. */
  public byte[] received() {
    return recorder.bytes();
  }

  public long receivedCount() {
    return recorder.count.get();
  }

  public long sentCount() {
    return sent.get();
  }

  /** Why what came was no request; null where all was well. */
  public @Nullable MalformedMessageException malformed() {
    return malformed;
  }

  CountDownLatch ended() {
    return ended;
  }

  private interface Read {
    @Nullable Request take() throws IOException;
  }

  private Optional<Request> remember(Read read) throws IOException {
    try {
      Request request = read.take();
      if (request == null) {
        return Optional.empty();
      }
      log.add(this, request);
      return Optional.of(request);
    } catch (MalformedMessageException e) {
      malformed = e;
      throw e;
    }
  }

  /** Keeps the beginning of a stream and counts all of it. */
  private static final class Recorder extends FilterInputStream {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final AtomicLong count = new AtomicLong();

    Recorder(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int got = super.read(buffer, offset, length);
      if (got > 0) {
        count.addAndGet(got);
        keep(buffer, offset, got);
      }
      return got;
    }

    private synchronized void keep(byte[] buffer, int offset, int length) {
      kept.write(buffer, offset, Math.min(length, RECORDED - kept.size()));
    }

    synchronized byte[] bytes() {
      return kept.toByteArray();
    }
  }
}
