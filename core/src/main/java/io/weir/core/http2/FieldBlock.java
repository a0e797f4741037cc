package io.weir.core.http2;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpLimits;
import io.weir.core.http.Method;
import io.weir.core.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * One field block as HPACK yields it: checked field by field (RFC 9113 sections 8.2 and 8.3), and
 * kept as the lines that HTTP/1 would have. One per connection, reused.
 *
 * <p>A fault ends the keeping but not the decoding, since the state of HPACK depends on every byte.
 */
final class FieldBlock extends CarriedHeaders {
  /** What a line has beside its name and value. */
  private static final int LINE_OVERHEAD = ": \r\n".length();

  private final Http2Worker http;
  private @Nullable RequestHead head;
  private Fields fields = new Fields();
  private HttpLimits limits;
  private boolean trailers;
  private boolean regular;
  private boolean crumbs;
  private boolean malformed;
  private boolean tooLarge;
  private boolean longTarget;
  private int bytes;
  private int count;
  private @Nullable String method;
  private @Nullable AsciiString scheme;
  private @Nullable AsciiString path;
  private @Nullable AsciiString authority;
  private @Nullable AsciiString protocol;

  FieldBlock(Http2Worker http, HttpLimits limits) {
    this.http = http;
    this.limits = limits;
  }

  /** The block of a request comes. */
  void beginRequest(HttpLimits within) {
    RequestHead unused = head;
    if (unused == null) {
      unused = http.takeHead();
      head = unused;
    } else {
      unused.clear();
    }
    begin(unused.fields(), within, false);
  }

  /** A block of trailers comes, or one that nobody wants. */
  void beginTrailers(HttpLimits within) {
    begin(new Fields(), within, true);
  }

  private void begin(Fields into, HttpLimits within, boolean asTrailers) {
    fields = into;
    limits = within;
    trailers = asTrailers;
    regular = false;
    crumbs = false;
    malformed = false;
    tooLarge = false;
    longTarget = false;
    bytes = 0;
    count = 0;
    method = null;
    scheme = null;
    path = null;
    authority = null;
    protocol = null;
  }

  /** The head that the fields were kept in, from now on the caller's. */
  RequestHead takeHead() {
    RequestHead taken = head;
    if (taken == null) {
      throw new IllegalStateException("no block of a request");
    }
    head = null;
    return taken;
  }

  /** The connection is gone. */
  void release() {
    if (head != null) {
      http.giveBack(head);
      head = null;
    }
  }

  /** Whether a field must not be there as it is (RFC 9113 section 8.1.1). */
  boolean isMalformed() {
    return malformed;
  }

  /** Whether there is more than the limits allow, of which nothing was kept. */
  boolean isTooLarge() {
    return tooLarge;
  }

  /** Whether the target alone is more than that. */
  boolean hasLongTarget() {
    return longTarget;
  }

  Fields fields() {
    return fields;
  }

  @Nullable String requestMethod() {
    return method;
  }

  @Nullable AsciiString requestScheme() {
    return scheme;
  }

  @Nullable AsciiString requestPath() {
    return path;
  }

  @Nullable AsciiString requestAuthority() {
    return authority;
  }

  /** What a CONNECT asks to go on with (RFC 8441). */
  @Nullable AsciiString requestProtocol() {
    return protocol;
  }

  @Override
  public Http2Headers add(CharSequence name, CharSequence value) {
    if (!malformed && !tooLarge) {
      take((AsciiString) name, (AsciiString) value);
    }
    return this;
  }

  private void take(AsciiString name, AsciiString value) {
    bytes += name.length() + value.length() + LINE_OVERHEAD;
    if (bytes > limits.maxHeadBytes()) {
      tooLarge = true;
      longTarget = name.contentEquals(":path") && value.length() > limits.maxHeadBytes();
    } else if (!name.isEmpty() && name.byteAt(0) == ':') {
      malformed = trailers || regular || !takePseudo(name, value);
    } else {
      regular = true;
      malformed = !isLowerToken(name) || !isValue(value) || !takeField(name, value);
    }
  }

  /** At most one of each, and only those of requests. */
  private boolean takePseudo(AsciiString name, AsciiString value) {
    if (name.contentEquals(":method") && method == null) {
      int start = value.arrayOffset();
      int end = start + value.length();
      method = Method.of(value.array(), start, end);
      return Ascii.isToken(value.array(), start, end);
    }
    if (name.contentEquals(":scheme") && scheme == null) {
      scheme = value;
      return true;
    }
    if (name.contentEquals(":path") && path == null) {
      path = value;
      return isTarget(value);
    }
    if (name.contentEquals(":authority") && authority == null) {
      authority = value;
      return !value.isEmpty() && isTarget(value);
    }
    if (name.contentEquals(":protocol") && protocol == null) {
      protocol = value;
      return Ascii.isToken(
          value.array(), value.arrayOffset(), value.arrayOffset() + value.length());
    }
    return false;
  }

  /** False for what speaks of a connection of HTTP/1 (RFC 9113 section 8.2.2). */
  private boolean takeField(AsciiString name, AsciiString value) {
    fields.addLine(name, value);
    FieldName known = fields.name(fields.count() - 1);
    switch (known) {
      case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TRANSFER_ENCODING, UPGRADE -> {
        return false;
      }
      case TE -> {
        return value.contentEqualsIgnoreCase("trailers");
      }
      default -> {}
    }
    boolean crumb = known == FieldName.COOKIE && crumbs; // they will be one line
    crumbs |= known == FieldName.COOKIE;
    if (!crumb && ++count > limits.maxFields()) {
      tooLarge = true;
    }
    return true;
  }

  /** A name of HTTP/2 (RFC 9113 section 8.2.1). */
  static boolean isLowerToken(AsciiString name) {
    byte[] array = name.array();
    int end = name.arrayOffset() + name.length();
    for (int i = name.arrayOffset(); i < end; i++) {
      if (!Ascii.isToken(array[i]) || (array[i] >= 'A' && array[i] <= 'Z')) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /** No controls, which would end a line of HTTP/1, and no white space around it. */
  static boolean isValue(AsciiString value) {
    byte[] array = value.array();
    int start = value.arrayOffset();
    int end = start + value.length();
    for (int i = start; i < end; i++) {
      if (!Ascii.isFieldValue(array[i])) {
        return false;
      }
    }
    return start == end || (!isSpace(array[start]) && !isSpace(array[end - 1]));
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  private static boolean isTarget(AsciiString value) {
    byte[] array = value.array();
    int end = value.arrayOffset() + value.length();
    for (int i = value.arrayOffset(); i < end; i++) {
      if (!Ascii.isTarget(array[i])) {
        return false;
      }
    }
    return true;
  }
}
