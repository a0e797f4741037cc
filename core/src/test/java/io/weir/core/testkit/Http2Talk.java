package io.weir.core.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One connection of the proxy to a scripted backend of HTTP/2, frame by frame. */
public final class Http2Talk {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 1;
  public static final int ACK = 1;
  public static final int END_HEADERS = 4;

  public static final int MAX_CONCURRENT_STREAMS = 3;
  public static final int INITIAL_WINDOW_SIZE = 4;
  public static final int MAX_HEADER_LIST_SIZE = 6;

  private static final int PREFACE_BYTES = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length();
  private static final int MOST_IN_FRAME = 16384;

  private final Http2Backend backend;
  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);
  private final Map<Integer, Building> building = new HashMap<>();

  /** One frame as it came. */
  public record Frame(int type, int flags, int stream, byte[] payload) {
    public boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** The number that the payload begins with. */
    public int number() {
      return Unpooled.wrappedBuffer(payload).readInt();
    }
  }

  /** What has come of a request. */
  private record Building(Http2Headers headers, ByteArrayOutputStream body) {}

  Http2Talk(Http2Backend backend, Socket socket) throws IOException {
    this.backend = backend;
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /** Reads the preface and sends SETTINGS of these pairs of identifier and value. */
  public Http2Talk begins(int... settings) throws IOException {
    in.readFully(new byte[PREFACE_BYTES]);
    return settings(settings);
  }

  public Http2Talk settings(int... pairs) throws IOException {
    ByteBuf payload = Unpooled.buffer();
    for (int i = 0; i < pairs.length; i += 2) {
      payload.writeShort(pairs[i]).writeInt(pairs[i + 1]);
    }
    return sends(SETTINGS, 0, 0, bytes(payload));
  }

  // What the proxy sends.

  /** The next frame, SETTINGS and PING answered; empty when the proxy has closed. */
  public Optional<Frame> next() throws IOException {
    try {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      Frame frame = new Frame(type, flags, stream, in.readNBytes(length));
      if (!frame.has(ACK) && (type == SETTINGS || type == PING)) {
        sends(type, ACK, 0, type == PING ? frame.payload() : new byte[0]);
      }
      return Optional.of(frame);
    } catch (EOFException | SocketException e) {
      return Optional.empty();
    }
  }

  /** The next frame of that type; others are passed over, requests in them are lost. */
  public Frame receives(int type) throws IOException {
    for (Optional<Frame> frame = next(); frame.isPresent(); frame = next()) {
      if (frame.get().type() == type && !(type == SETTINGS && frame.get().has(ACK))) {
        return frame.get();
      }
    }
    throw new AssertionError("the connection ended before a frame of type " + type);
  }

  /** The next whole request; its windows are given back. Empty when the proxy has closed. */
  public Optional<Http2Request> nextRequest() throws IOException, Http2Exception {
    for (Optional<Frame> next = next(); next.isPresent(); next = next()) {
      Frame frame = next.get();
      boolean done =
          switch (frame.type()) {
            case HEADERS -> headers(frame);
            case DATA -> data(frame);
            default -> false;
          };
      if (done) {
        return Optional.of(finished(frame.stream()));
      }
    }
    return Optional.empty();
  }

  public Http2Request receivesRequest() throws IOException, Http2Exception {
    return nextRequest().orElseThrow(() -> new AssertionError("no request came"));
  }

  /** The head of the next request, whose body may follow. */
  public Http2Request receivesHead() throws IOException, Http2Exception {
    Frame frame = receives(HEADERS);
    headers(frame);
    return finished(frame.stream());
  }

  private boolean headers(Frame frame) throws Http2Exception {
    Http2Headers headers =
        hpack.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()));
    Building known = building.get(frame.stream());
    if (known == null) {
      building.put(frame.stream(), new Building(headers, new ByteArrayOutputStream()));
    } else {
      known.headers().add(headers);
    }
    return frame.has(END_STREAM);
  }

  private boolean data(Frame frame) throws IOException {
    Building request = building.get(frame.stream());
    if (request == null) {
      return false;
    }
    request.body().write(frame.payload());
    if (frame.payload().length > 0) {
      windowUpdate(0, frame.payload().length);
      if (!frame.has(END_STREAM)) {
        windowUpdate(frame.stream(), frame.payload().length);
      }
    }
    return frame.has(END_STREAM);
  }

  private Http2Request finished(int stream) {
    Building done = building.remove(stream);
    Http2Request request = Http2Request.of(stream, done.headers(), done.body().toByteArray());
    backend.log(request);
    return request;
  }

  /** Reads until the proxy closes, answering nothing. */
  public void waitsForEnd() throws IOException {
    while (next().isPresent()) {}
  }

  // What the backend sends.

  /** A whole response. */
  public Http2Talk answers(int stream, int status, String body) throws IOException {
    head(stream, false, ":status", Integer.toString(status));
    return data(stream, body.getBytes(ISO_8859_1), true);
  }

  /** A block of pairs of name and value, as they are, in one frame. */
  public Http2Talk head(int stream, boolean ends, String... pairs) throws IOException {
    return sends(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block(pairs));
  }

  /** DATA frames, whether the windows allow them or not. */
  public Http2Talk data(int stream, byte[] body, boolean ends) throws IOException {
    int at = 0;
    do {
      int n = Math.min(MOST_IN_FRAME, body.length - at);
      byte[] piece = Arrays.copyOfRange(body, at, at + n);
      at += n;
      sends(DATA, ends && at == body.length ? END_STREAM : 0, stream, piece);
    } while (at < body.length);
    return this;
  }

  public Http2Talk resetStream(int stream, int code) throws IOException {
    return sends(RST_STREAM, 0, stream, bytes(Unpooled.buffer().writeInt(code)));
  }

  public Http2Talk goAway(int lastStream, int code) throws IOException {
    return sends(GOAWAY, 0, 0, bytes(Unpooled.buffer().writeInt(lastStream).writeInt(code)));
  }

  public Http2Talk windowUpdate(int stream, int increment) throws IOException {
    return sends(WINDOW_UPDATE, 0, stream, bytes(Unpooled.buffer().writeInt(increment)));
  }

  public Http2Talk sends(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuf frame = Unpooled.buffer();
    frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
    frame.writeBytes(payload);
    return sendsRaw(bytes(frame));
  }

  /** Whole frames, which other threads may send, too. */
  public synchronized Http2Talk sendsRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Literal fields without tables (RFC 7541 section 6.2.2). */
  public static byte[] block(String... pairs) {
    ByteBuf block = Unpooled.buffer();
    for (int i = 0; i < pairs.length; i += 2) {
      block.writeByte(0);
      text(pairs[i], block);
      text(pairs[i + 1], block);
    }
    return bytes(block);
  }

  private static void text(String text, ByteBuf block) {
    int rest = text.length() - 0x7f;
    if (rest < 0) {
      block.writeByte(text.length());
    } else {
      block.writeByte(0x7f);
      for (; rest >= 0x80; rest >>>= 7) {
        block.writeByte(rest & 0x7f | 0x80);
      }
      block.writeByte(rest);
    }
    block.writeCharSequence(text, ISO_8859_1);
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  public void closes() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
