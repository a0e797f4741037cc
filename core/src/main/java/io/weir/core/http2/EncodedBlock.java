package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** A field block that is ready to be sent, as the codec carries it to its writer. */
final class EncodedBlock extends CarriedHeaders {
  private static final AsciiString INTERIM = AsciiString.cached("100");

  private final ByteBuf bytes;
  private final boolean interim;

  /**
   * Wraps a block.
   *
   * @param bytes on the heap, so that nothing is lost where the codec drops it
   */
  EncodedBlock(ByteBuf bytes, boolean interim) {
    this.bytes = bytes;
    this.interim = interim;
  }

  ByteBuf bytes() {
    return bytes;
  }

  /** All that the codec asks: whether another head may follow. */
  @Override
  public @Nullable CharSequence status() {
    return interim ? INTERIM : null;
  }
}
