package io.weir.core.health;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Promise;

/**
 * Passes when the server's first packet is a greeting of protocol version 10, which is what every
 * MySQL and MariaDB of this century says. One that takes no clients says an error instead, and one
 * that hangs says nothing.
 */
final class MySqlCheck extends CheckHandler {
  /*
   * A packet is its length in three bytes, the lowest first, its number, and that many bytes. The
   * first of these is the protocol version, or 0xff and then an error's code in two bytes, the lower
   * first. We go without a word: to log in would want an account.
   */
  private static final int HEADER = 4;
  private static final int PROTOCOL = 10;
  private static final int ERROR = 0xff;
  private static final int LEAST = 3; // a version or an error's code

  /** A greeting is about 100 bytes, most of them the server's version. */
  private static final int LONGEST = 4096;

  private final byte[] packet = new byte[HEADER + LEAST];
  private int seen;

  MySqlCheck(boolean tls, Promise<Outcome> outcome) {
    super(tls, outcome);
  }

  @Override
  void ready(ChannelHandlerContext context) {
    // The server speaks first.
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      int room = Math.min(bytes.readableBytes(), Math.max(0, packet.length - seen));
      bytes.getBytes(bytes.readerIndex(), packet, Math.min(seen, packet.length), room);
      seen += bytes.readableBytes();
    } finally {
      bytes.release();
    }
    if (seen >= HEADER) {
      judge();
    }
  }

  private void judge() {
    int length = unsigned(0) | unsigned(1) << 8 | unsigned(2) << 16;
    if (length < LEAST || length > LONGEST || packet[3] != 0) {
      settle(Outcome.fail("malformed greeting"));
    } else if (seen >= HEADER + length) {
      settle(outcome());
    }
  }

  private Outcome outcome() {
    return switch (unsigned(HEADER)) {
      case PROTOCOL -> Outcome.pass("greeting");
      case ERROR -> Outcome.fail("error " + (unsigned(HEADER + 1) | unsigned(HEADER + 2) << 8));
      default -> Outcome.fail("malformed greeting");
    };
  }

  private int unsigned(int index) {
    return Byte.toUnsignedInt(packet[index]);
  }
}
