package io.weir.core.http2;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.upstream.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * One field block of a backend as HPACK yields it: checked field by field (RFC 9113 sections 8.2
 * and 8.3), and kept as the lines that HTTP/1 would have. One per connection, reused.
 *
 * <p>A fault ends the keeping but not the decoding, since the state of HPACK depends on every byte.
 */
final class ResponseBlock extends CarriedHeaders {
  /** What a line has beside its name and value. */
  private static final int LINE_OVERHEAD = ": \r\n".length();

  private final int maxBytes;
  private final int maxFields;
  private Fields fields = new Fields();
  private boolean trailers;
  private boolean regular;
  private boolean malformed;
  private int bytes;
  private @Nullable AsciiString status;

  ResponseBlock(PoolSettings settings) {
    maxBytes = settings.maxHeadBytes();
    maxFields = settings.maxFields();
  }

  /** The block of a head comes, to be kept in {@code into}. */
  void beginHead(Fields into) {
    begin(into, false);
  }

  /** A block of trailers comes, or one that nobody wants. */
  void beginTrailers() {
    begin(new Fields(), true);
  }

  private void begin(Fields into, boolean asTrailers) {
    fields = into;
    trailers = asTrailers;
    regular = false;
    malformed = false;
    bytes = 0;
    status = null;
  }

  /**
   * Whether it must not be passed on: a field is not as it must be (RFC 9113 section 8.1.1), there
   * is more than the limits allow, or a head has no status.
   */
  boolean isMalformed() {
    return malformed || trailers == (status != null);
  }

  Fields fields() {
    return fields;
  }

  /** 100 to 999, of a head that is not malformed. */
  int statusCode() {
    AsciiString text = status;
    return text == null ? 0 : text.parseInt();
  }

  /** The codec wants to know whether another head may follow. */
  @Override
  public @Nullable CharSequence status() {
    return status;
  }

  @Override
  public Http2Headers add(CharSequence name, CharSequence value) {
    if (!malformed) {
      malformed = !take((AsciiString) name, (AsciiString) value);
    }
    return this;
  }

  private boolean take(AsciiString name, AsciiString value) {
    bytes += name.length() + value.length() + LINE_OVERHEAD;
    if (bytes > maxBytes) {
      return false;
    }
    if (!name.isEmpty() && name.byteAt(0) == ':') {
      return !trailers && !regular && takeStatus(name, value);
    }
    regular = true;
    return FieldBlock.isLowerToken(name) && FieldBlock.isValue(value) && takeField(name, value);
  }

  /** The one pseudo-field of responses, once: three digits, the first of which is no zero. */
  private boolean takeStatus(AsciiString name, AsciiString value) {
    boolean wellFormed =
        name.contentEquals(":status")
            && status == null
            && value.length() == 3
            && value.byteAt(0) != '0'
            && Ascii.isDigit(value.byteAt(0))
            && Ascii.isDigit(value.byteAt(1))
            && Ascii.isDigit(value.byteAt(2));
    if (wellFormed) {
      status = value;
    }
    return wellFormed;
  }

  /** False for what speaks of a connection of HTTP/1 (RFC 9113 section 8.2.2). */
  private boolean takeField(AsciiString name, AsciiString value) {
    if (fields.count() == maxFields) {
      return false;
    }
    fields.addLine(name, value);
    FieldName known = fields.name(fields.count() - 1);
    return switch (known) {
      case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TRANSFER_ENCODING, UPGRADE, TE -> false;
      default -> true;
    };
  }
}
