package io.weir.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** The first bytes of real clients. */
final class Hellos {

  private static final int HEADERS = 9; // of the record and of the message

  private Hellos() {}

  /** A record with the ClientHello of BoringSSL or of the JDK. */
  static byte[] record(
      TlsProvider provider, String serverName, List<String> alpn, String... groups) {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forClient()
              .sslProvider(provider.netty())
              .trustManager(InsecureTrustManagerFactory.INSTANCE)
              .endpointIdentificationAlgorithm(null)
              .applicationProtocolConfig(Suites.alpn(alpn));
      if (groups.length > 0) {
        builder.option(OpenSslContextOption.GROUPS, groups);
      }
      SslContext context = builder.build();
      try {
        SSLEngine engine = context.newEngine(UnpooledByteBufAllocator.DEFAULT, serverName, 443);
        try {
          ByteBuffer out = ByteBuffer.allocate(64 * 1024);
          engine.wrap(ByteBuffer.allocate(0), out);
          byte[] record = new byte[out.flip().remaining()];
          out.get(record);
          return record;
        } finally {
          ReferenceCountUtil.release(engine);
        }
      } finally {
        ReferenceCountUtil.release(context);
      }
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] record(String serverName) {
    return record(TlsProvider.BORINGSSL, serverName, List.of("h2", "http/1.1"));
  }

  /** The message in a record, without its header, as the reader gets it. */
  static ByteBuf body(byte[] record) {
    return Unpooled.wrappedBuffer(record, HEADERS, record.length - HEADERS);
  }

  /** The same message in records of at most {@code size} bytes. */
  static byte[] inRecordsOf(int size, byte[] record) {
    ByteBuf out = Unpooled.buffer();
    for (int at = 5; at < record.length; at += size) {
      int length = Math.min(size, record.length - at);
      out.writeByte(22).writeShort(0x0301).writeShort(length).writeBytes(record, at, length);
    }
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  /** A message made by hand: TLS 1.2, one suite, and these extensions. */
  static ByteBuf body(ByteBuf... extensions) {
    ByteBuf all = Unpooled.wrappedBuffer(extensions);
    return Unpooled.buffer()
        .writeShort(0x0303)
        .writeZero(32)
        .writeByte(0)
        .writeShort(2)
        .writeShort(0xc02f)
        .writeByte(1)
        .writeByte(0)
        .writeShort(all.readableBytes())
        .writeBytes(all);
  }

  static ByteBuf extension(int type, ByteBuf content) {
    return Unpooled.buffer()
        .writeShort(type)
        .writeShort(content.readableBytes())
        .writeBytes(content);
  }

  static ByteBuf serverName(byte[] name) {
    return extension(
        0,
        Unpooled.buffer()
            .writeShort(name.length + 3)
            .writeByte(0)
            .writeShort(name.length)
            .writeBytes(name));
  }
}
