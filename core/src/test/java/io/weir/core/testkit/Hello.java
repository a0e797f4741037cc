package io.weir.core.testkit;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** The first bytes of a real TLS client, and what may be done to them on their way. */
public final class Hello {
  private static final int RECORD_HEADER = 5;
  private static final int MESSAGE_HEADER = 4;
  private static final int KEY_SHARE = 51;

  private Hello() {}

  /** BoringSSL's, in one record. */
  public static byte[] named(String serverName, String... groups) {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.OPENSSL_REFCNT)
              .trustManager(InsecureTrustManagerFactory.INSTANCE)
              .endpointIdentificationAlgorithm(null);
      if (groups.length > 0) {
        builder.option(OpenSslContextOption.GROUPS, groups);
      }
      SslContext context = builder.build();
      try {
        return firstFlight(context, serverName);
      } finally {
        ReferenceCountUtil.release(context);
      }
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] firstFlight(SslContext context, String serverName) throws SSLException {
    UnpooledByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
    SSLEngine engine =
        serverName.isEmpty()
            ? context.newEngine(allocator)
            : context.newEngine(allocator, serverName, 443);
    try {
      ByteBuffer out = ByteBuffer.allocate(64 * 1024);
      engine.wrap(ByteBuffer.allocate(0), out);
      return Arrays.copyOf(out.array(), out.position());
    } finally {
      ReferenceCountUtil.release(engine);
    }
  }

  /** With a post-quantum key share, which alone is larger than most packets. */
  public static byte[] postQuantum(String serverName) {
    return named(serverName, "X25519MLKEM768", "X25519");
  }

  /** With one more extension at its end. */
  public static byte[] with(byte[] hello, int type, byte[] content) {
    int lengthAt = extensionsAt(hello);
    ByteBuffer out = ByteBuffer.allocate(hello.length + 4 + content.length);
    out.put(hello).putShort((short) type).putShort((short) content.length).put(content);
    int added = 4 + content.length;
    out.putShort(3, (short) (out.getShort(3) + added));
    out.putInt(RECORD_HEADER, out.getInt(RECORD_HEADER) + added); // type and length of the message
    out.putShort(lengthAt, (short) (out.getShort(lengthAt) + added));
    return out.array();
  }

  /** The group of the key share in a ServerHello, without the header of its record. */
  public static int agreedGroup(byte[] serverHello) {
    ByteBuffer in = ByteBuffer.wrap(serverHello);
    int at = MESSAGE_HEADER + 2 + 32;
    at += 1 + in.get(at); // session id
    in.position(at + 2 + 1 + 2); // cipher suite, compression method, length of the extensions
    while (in.hasRemaining()) {
      int type = in.getShort();
      int length = in.getShort();
      if (type == KEY_SHARE) {
        return in.getShort();
      }
      in.position(in.position() + length);
    }
    throw new AssertionError("no key share: TLS 1.3 was not agreed on");
  }

  private static int extensionsAt(byte[] hello) {
    ByteBuffer in = ByteBuffer.wrap(hello);
    int at = RECORD_HEADER + MESSAGE_HEADER + 2 + 32;
    at += 1 + in.get(at); // session id
    at += 2 + in.getShort(at); // cipher suites
    return at + 1 + in.get(at); // compression methods
  }

  /** The same message in records of at most that many bytes. */
  public static byte[] inRecordsOf(int size, byte[] hello) {
    int records = (hello.length - RECORD_HEADER + size - 1) / size;
    ByteBuffer out = ByteBuffer.allocate(hello.length - RECORD_HEADER + records * RECORD_HEADER);
    for (int at = RECORD_HEADER; at < hello.length; at += size) {
      int length = Math.min(size, hello.length - at);
      out.put((byte) 22).putShort((short) 0x0301).putShort((short) length).put(hello, at, length);
    }
    return out.array();
  }
}
