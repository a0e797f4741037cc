package io.weir.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ClientHello without consuming it and hands the connection to whom it is for: an {@link
 * SslHandler}, whatever the callback adds, or nobody.
 *
 * <p>The handshake's time-out is the listener's business, and runs from when the connection was
 * accepted.
 */
public final class ClientHelloPeeker extends ByteToMessageDecoder {

  /*
   * A message may come in any number of segments and, though only odd clients do so, records:
   *
   *   22 3 x  length | 1  length  body ...            | 22 3 x  length | ... rest of the body
   *   record header  | message header                 | next record
   *
   * Whole records are walked over as they come, each once. The usual hello is one record, which is
   * read where it lies; only one of several is copied together.
   *
   * Netty's SslClientHelloHandler gathers in the same way. It is not used because it copies every
   * hello, and because it answers what is no TLS with an exception that holds a hex dump of it, two
   * events that look like those of a handshake, and closing by itself; here that is a refusal like
   * any other.
   */

  // On the wire, headers included. Browsers send 0.5 KB, or 1.8 KB with a post-quantum key share;
  // the largest shares in use make it 5 KB. It is also the most that a record may hold.
  private static final int MAX_BYTES = 16 * 1024;

  private static final int RECORD_HEADER = 5;
  private static final int MESSAGE_HEADER = 4;
  private static final int MAJOR_VERSION = 3; // in every version of TLS
  private static final int HANDSHAKE = 22; // content type, RFC 8446 section 5.1
  private static final int CLIENT_HELLO = 1; // message type, section 4

  private static final int NO_ALERT = 0; // the peer would not understand one
  private static final int ACCESS_DENIED = 49; // alert descriptions, section 6
  private static final int DECODE_ERROR = 50;
  private static final int UNRECOGNIZED_NAME = 112;
  private static final int NO_APPLICATION_PROTOCOL = 120; // RFC 7301 section 3.2

  private final String name;
  private final ClientHelloCallback callback;
  private int walked; // bytes of whole records so far, headers included
  private int gathered; // bytes of the message in them
  private int header; // the message's first four bytes: type, length
  private boolean refused;

  /**
   * @param name what the {@link SslHandler} is called in the pipeline
   */
  public ClientHelloPeeker(String name, ClientHelloCallback callback) {
    this.name = name;
    this.callback = callback;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (refused) {
      in.skipBytes(in.readableBytes());
      return;
    }
    switch (walk(in)) {
      case UNFINISHED -> {}
      case NO_HELLO -> noHello(ctx, in);
      case COMPLETE -> decide(ctx, in);
    }
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (!refused && in.isReadable()) { // what could be decoded has been, as it came
      refuse(ctx, in, TlsFailure.CLOSED, NO_ALERT);
    }
  }

  private void noHello(ChannelHandlerContext ctx, ByteBuf in) {
    switch (callback.answersPlainHttp() ? PlainRequest.in(in) : PlainRequest.NO) {
      case UNFINISHED -> {}
      case YES -> {
        stop(in);
        callback.plainHttp(ctx);
      }
      case NO -> refuse(ctx, in, TlsFailure.PROTOCOL, NO_ALERT);
    }
  }

  private enum Progress {
    UNFINISHED,
    COMPLETE,
    NO_HELLO
  }

  private Progress walk(ByteBuf in) {
    while (in.readableBytes() > walked) {
      int record = in.readerIndex() + walked;
      int readable = in.readableBytes() - walked;
      if (in.getUnsignedByte(record) != HANDSHAKE
          || (readable > 1 && in.getUnsignedByte(record + 1) != MAJOR_VERSION)) {
        return Progress.NO_HELLO;
      }
      int content = readable < RECORD_HEADER ? -1 : in.getUnsignedShort(record + 3);
      if (content == 0) {
        return Progress.NO_HELLO; // forbidden by section 5.1, and would be endless
      }
      if (content < 0 || readable < RECORD_HEADER + content) {
        return in.readableBytes() > MAX_BYTES ? Progress.NO_HELLO : Progress.UNFINISHED;
      }
      take(in, record + RECORD_HEADER, content);
      if (gathered >= MESSAGE_HEADER) {
        if (header >>> 24 != CLIENT_HELLO || messageLength() > MAX_BYTES) {
          return Progress.NO_HELLO;
        }
        if (gathered >= MESSAGE_HEADER + messageLength()) {
          return Progress.COMPLETE;
        }
      }
    }
    return walked > MAX_BYTES ? Progress.NO_HELLO : Progress.UNFINISHED;
  }

  private void take(ByteBuf in, int from, int length) {
    for (int i = 0; i < length && gathered + i < MESSAGE_HEADER; i++) {
      header = (header << 8) | in.getUnsignedByte(from + i);
    }
    gathered += length;
    walked += RECORD_HEADER + length;
  }

  private int messageLength() {
    return header & 0xffffff;
  }

  private void decide(ChannelHandlerContext ctx, ByteBuf in) {
    ClientHello hello = read(ctx, in);
    if (hello == null) {
      refuse(ctx, in, TlsFailure.PROTOCOL, DECODE_ERROR);
      return;
    }
    switch (callback.decide(ctx, hello)) {
      case ServerNameDecision.Terminate terminate -> terminate(ctx, terminate.tls());
      case ServerNameDecision.PassThrough pass -> {
        callback.passThrough(ctx, pass.target());
        ctx.pipeline().remove(this);
      }
      case ServerNameDecision.Drop ignored -> {
        stop(in);
        callback.dropped(ctx);
      }
      case ServerNameDecision.Refuse refuse -> refuse(ctx, in, refuse.why(), alert(refuse.why()));
    }
  }

  private static int alert(TlsFailure why) {
    return switch (why) {
      case UNKNOWN_SNI -> UNRECOGNIZED_NAME;
      case ALPN -> NO_APPLICATION_PROTOCOL;
      default -> ACCESS_DENIED;
    };
  }

  private @Nullable ClientHello read(ChannelHandlerContext ctx, ByteBuf in) {
    int start = in.readerIndex();
    boolean wanted = callback.wantsFingerprint();
    if (in.getUnsignedShort(start + 3) >= MESSAGE_HEADER + messageLength()) { // all in the first
      int body = start + RECORD_HEADER + MESSAGE_HEADER;
      return ClientHelloReader.read(in, body, body + messageLength(), wanted);
    }
    ByteBuf message = ctx.alloc().buffer(gathered);
    try {
      for (int at = start; at < start + walked; ) {
        int content = in.getUnsignedShort(at + 3);
        message.writeBytes(in, at + RECORD_HEADER, content);
        at += RECORD_HEADER + content;
      }
      return ClientHelloReader.read(
          message, MESSAGE_HEADER, MESSAGE_HEADER + messageLength(), wanted);
    } finally {
      message.release();
    }
  }

  private void terminate(ChannelHandlerContext ctx, ServerTls server) {
    SslHandler handler = callback.newHandler(ctx, server);
    boolean placed = false;
    try {
      ctx.pipeline().replace(this, name, handler);
      placed = true;
    } finally {
      if (!placed) {
        ReferenceCountUtil.release(handler.engine()); // no pipeline will
      }
    }
  }

  /** Wants nothing that came or comes; before closing, which releases it. */
  private void stop(ByteBuf in) {
    refused = true;
    in.skipBytes(in.readableBytes());
  }

  private void refuse(ChannelHandlerContext ctx, ByteBuf in, TlsFailure why, int alert) {
    stop(in);
    callback.refused(ctx, why);
    ByteBuf record = Unpooled.EMPTY_BUFFER;
    if (alert != NO_ALERT) {
      // One fatal alert in a record of TLS 1.2, which is how every version writes it.
      record = ctx.alloc().buffer(7);
      record.writeByte(21).writeShort(0x0303).writeShort(2).writeByte(2).writeByte(alert);
    }
    ctx.writeAndFlush(record).addListener(ChannelFutureListener.CLOSE);
  }
}
