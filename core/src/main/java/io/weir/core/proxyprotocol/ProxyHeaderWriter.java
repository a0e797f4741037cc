package io.weir.core.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.weir.firewall.address.ClientAddress;

/** Writes PROXY headers. Pure. */
public final class ProxyHeaderWriter {
  /** More than the longest header that we write: 107 bytes of version 1. */
  private static final int ENOUGH = 128;

  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final int LOCAL = 0x20;
  private static final int PROXIED = 0x21;
  private static final int UNSPECIFIED = 0x00;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;

  private ProxyHeaderWriter() {}

  /** A header, in a buffer that is the caller's. */
  public static ByteBuf write(ByteBufAllocator allocator, ProxyVersion version, ProxyHeader what) {
    ByteBuf out = allocator.buffer(ENOUGH);
    switch (version) {
      case V1 -> line(out, what);
      case V2 -> binary(out, what);
    }
    return out;
  }

  private static void line(ByteBuf out, ProxyHeader what) {
    if (!(what instanceof ProxyHeader.Known known)) {
      ByteBufUtil.writeAscii(out, "PROXY UNKNOWN\r\n"); // there is no other word for LOCAL
      return;
    }
    boolean v6 = isV6(known);
    String text =
        (v6 ? "PROXY TCP6 " : "PROXY TCP4 ")
            + text(known.source(), v6)
            + " "
            + text(known.destination(), v6)
            + " "
            + known.sourcePort()
            + " "
            + known.destinationPort()
            + "\r\n";
    ByteBufUtil.writeAscii(out, text);
  }

  /** Both addresses are of one family: where only one is IPv6 the other is mapped into it. */
  private static boolean isV6(ProxyHeader.Known known) {
    return known.source().isV6() || known.destination().isV6();
  }

  private static String text(ClientAddress address, boolean v6) {
    return v6 && !address.isV6() ? "::ffff:" + address : address.toString();
  }

  private static void binary(ByteBuf out, ProxyHeader what) {
    out.writeBytes(SIGNATURE);
    switch (what) {
      case ProxyHeader.Local local -> out.writeByte(LOCAL).writeByte(UNSPECIFIED).writeShort(0);
      case ProxyHeader.Unknown unknown ->
          out.writeByte(PROXIED).writeByte(UNSPECIFIED).writeShort(0);
      case ProxyHeader.Known known -> {
        boolean v6 = isV6(known);
        out.writeByte(PROXIED).writeByte(v6 ? TCP6 : TCP4).writeShort(v6 ? 36 : 12);
        address(out, known.source(), v6);
        address(out, known.destination(), v6);
        out.writeShort(known.sourcePort()).writeShort(known.destinationPort());
      }
    }
  }

  private static void address(ByteBuf out, ClientAddress address, boolean v6) {
    if (!v6) {
      out.writeInt((int) address.low());
    } else if (address.isV6()) {
      out.writeLong(address.high()).writeLong(address.low());
    } else {
      out.writeLong(0).writeLong(0xffff_0000_0000L | address.low());
    }
  }
}
