package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;

/**
 * How large a list of fields is to who bounds it (RFC 9113 section 6.5.2): the bytes of all names
 * and values, and some for each field.
 */
final class ListSize {
  private static final int FIELD_OVERHEAD = 32;

  /** A field's name of the static table that its block only has the number of. */
  private static final int LONGEST_KNOWN_NAME = 27;

  /** Beside the lines that a client sent: pseudo-fields, and what tells of us and of the client. */
  private static final int MOST_ADDED = 12;

  private ListSize() {}

  /**
   * Whether a block of ours is more than its receiver says that it takes.
   *
   * @param lines of the request, at least those that are in the block
   * @param most what the receiver takes; it may end the connection for more
   */
  static boolean exceeds(ByteBuf block, int lines, long most) {
    int fields = lines + MOST_ADDED;
    long atMost = block.readableBytes() + (long) fields * (FIELD_OVERHEAD + LONGEST_KNOWN_NAME);
    return atMost > most && !isReadBy(block.duplicate(), most);
  }

  /** Exactly, which few heads are worth. */
  private static boolean isReadBy(ByteBuf block, long most) {
    if (most == 0) {
      return false;
    }
    try {
      new DefaultHttp2HeadersDecoder(false, most).decodeHeaders(1, block);
      return true;
    } catch (Http2Exception tooLarge) {
      return false;
    }
  }
}
