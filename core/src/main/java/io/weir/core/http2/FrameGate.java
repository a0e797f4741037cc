package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import io.weir.core.worker.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Lets frames through to the codec one at a time, once each is complete: counts what it costs
 * against the {@link FloodBudget}, and knows whether one has begun and not ended. Confined to its
 * loop.
 */
final class FrameGate extends DefaultHttp2FrameReader {
  private static final int HEADER_BYTES = 9;
  private static final int TYPE = 3;
  private static final int FLAGS = 4;
  private static final int STREAM = 5;

  private static final int END_STREAM = 0x1;
  private static final int ACK = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;
  private static final int PRIORITY = 0x20;

  private final FloodBudget budget;
  private final Clock clock;
  private final int maxBlockBytes;

  private long frames;
  private int others;
  private long framesAsked;
  private int blockBytes;
  private boolean inBlock;
  private boolean inData;
  private int dataStream;
  private int dataBytes;
  private int frameBytes;
  private int selfDependent;
  private boolean stopped;
  private @Nullable UnreadAnswers unread;

  /**
   * A gate for one connection.
   *
   * @param maxBlockBytes of a compressed field block, over all its frames
   */
  FrameGate(Http2HeadersDecoder decoder, FloodBudget budget, Clock clock, int maxBlockBytes) {
    super(decoder);
    this.budget = budget;
    this.clock = clock;
    this.maxBlockBytes = maxBlockBytes;
  }

  /** Frames so far. */
  long frames() {
    return frames;
  }

  /** Of the last frame without its own head. */
  int frameBytes() {
    return frameBytes;
  }

  /** Whether there were frames since this was last asked, and all of them were of field blocks. */
  boolean takeOnlyBlocks() {
    boolean only = frames != framesAsked && others == 0;
    framesAsked = frames;
    others = 0;
    return only;
  }

  /** Whether the frames of a field block have begun and not ended. */
  boolean isInBlock() {
    return inBlock;
  }

  /** Whether the frame that is not complete is one of a body. */
  boolean isInData() {
    return inData;
  }

  /** Which stream's body the frame that is not complete belongs to. */
  int dataStream() {
    return dataStream;
  }

  /** How much of that frame has come, its padding included. */
  int dataBytes() {
    return dataBytes;
  }

  /** Whether the last HEADERS said that its stream depends on itself, and on which. */
  boolean dependsOnItself(int streamId) {
    return selfDependent == streamId;
  }

  /** From now on frames wait while too many answers do. */
  void waitsFor(UnreadAnswers answers) {
    unread = answers;
  }

  /** Lets nothing through any more. */
  void stop() {
    stopped = true;
  }

  @Override
  public void readFrame(ChannelHandlerContext ctx, ByteBuf in, Http2FrameListener listener)
      throws Http2Exception {
    while (in.isReadable()) {
      if (stopped) {
        in.skipBytes(in.readableBytes());
        return;
      }
      inData = false;
      if (unread != null && unread.holdsBack(ctx)) {
        return;
      }
      int start = in.readerIndex();
      if (in.readableBytes() < HEADER_BYTES) {
        return;
      }
      int length = in.getUnsignedMedium(start);
      int type = in.getUnsignedByte(start + TYPE);
      if (length <= maxFrameSize() && in.readableBytes() < HEADER_BYTES + length) {
        inData = type == Http2FrameTypes.DATA;
        dataStream = in.getInt(start + STREAM) & Integer.MAX_VALUE;
        dataBytes = in.readableBytes() - HEADER_BYTES;
        return;
      }
      frames++;
      frameBytes = length;
      note(in, start, type, length);
      int end = in.writerIndex();
      in.writerIndex(Math.min(start + HEADER_BYTES + length, end));
      try {
        super.readFrame(ctx, in, listener);
      } finally {
        in.writerIndex(end);
      }
    }
  }

  private void note(ByteBuf in, int start, int type, int length) throws Http2Exception {
    int flags = in.getUnsignedByte(start + FLAGS);
    if (type != Http2FrameTypes.HEADERS && type != Http2FrameTypes.CONTINUATION) {
      others++;
    }
    switch (type) {
      case Http2FrameTypes.HEADERS -> {
        blockBytes = length;
        inBlock = (flags & END_HEADERS) == 0;
        forgiveSelfDependence(in, start, flags, length);
      }
      case Http2FrameTypes.CONTINUATION -> {
        blockBytes += length;
        inBlock = (flags & END_HEADERS) == 0;
      }
      case Http2FrameTypes.DATA -> {
        if ((flags & END_STREAM) == 0 && isOnlyPadding(in, start, flags, length)) {
          spend(FloodBudget.EMPTY_DATA);
        }
      }
      case Http2FrameTypes.SETTINGS ->
          spend((flags & ACK) == 0 ? FloodBudget.SETTINGS : FloodBudget.IDLE_FRAME);
      case Http2FrameTypes.WINDOW_UPDATE -> {
        if (!budget.update(clock.nanos())) {
          throw tooMuch();
        }
      }
      case Http2FrameTypes.PING -> spend(FloodBudget.PING);
      case Http2FrameTypes.RST_STREAM -> spend(FloodBudget.RESET);
      case Http2FrameTypes.PUSH_PROMISE ->
          throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "nobody may push");
      default -> spend(FloodBudget.IDLE_FRAME);
    }
    if (blockBytes > maxBlockBytes) {
      throw calm("a field block of " + blockBytes + " bytes");
    }
  }

  /**
   * Whether a DATA frame brings nothing: it is empty, or what follows the length of its padding is.
   */
  private static boolean isOnlyPadding(ByteBuf in, int start, int flags, int length) {
    if ((flags & PADDED) == 0 || length == 0) {
      return length == 0;
    }
    int at = start + HEADER_BYTES;
    return at < in.writerIndex() && in.getUnsignedByte(at) >= length - 1;
  }

  /** Takes credits for what a frame costs. */
  void spend(int cost) throws Http2Exception {
    if (!budget.spend(cost, clock.nanos())) {
      throw tooMuch();
    }
  }

  private static Http2Exception tooMuch() {
    return calm("too much beside requests");
  }

  private static Http2Exception calm(String why) {
    return Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "%s", why);
  }

  /**
   * A stream that depends on itself was an error of that stream (RFC 7540 section 5.3.1). The codec
   * would end the connection for it, since it does not decode the block then: it sees none.
   */
  private void forgiveSelfDependence(ByteBuf in, int start, int flags, int length) {
    selfDependent = 0;
    int at = start + HEADER_BYTES + ((flags & PADDED) == 0 ? 0 : 1);
    boolean hasPriority = (flags & PRIORITY) != 0 && length >= at - start - HEADER_BYTES + 5;
    boolean isThere = in.readableBytes() >= at - start + 5; // of one too large not all may be
    if (!hasPriority || !isThere) {
      return;
    }
    int stream = in.getInt(start + STREAM) & Integer.MAX_VALUE;
    if ((in.getInt(at) & Integer.MAX_VALUE) == stream) {
      selfDependent = stream;
      in.setInt(at, 0);
    }
  }
}
