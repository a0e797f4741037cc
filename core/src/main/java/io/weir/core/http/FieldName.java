package io.weir.core.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The field names that a proxy must know, told apart while a head is read. */
@SuppressWarnings("ImmutableEnumChecker") // the bytes are never written
public enum FieldName {
  /** Any other name. */
  OTHER(""),
  HOST("host"),
  CONTENT_LENGTH("content-length"),
  TRANSFER_ENCODING("transfer-encoding"),
  CONNECTION("connection"),
  KEEP_ALIVE("keep-alive"),
  PROXY_CONNECTION("proxy-connection"),
  TE("te"),
  TRAILER("trailer"),
  UPGRADE("upgrade"),
  HTTP2_SETTINGS("http2-settings"),
  EXPECT("expect"),
  MAX_FORWARDS("max-forwards"),
  AUTHORIZATION("authorization"),
  PROXY_AUTHORIZATION("proxy-authorization"),
  COOKIE("cookie"),
  SET_COOKIE("set-cookie"),
  CONTENT_TYPE("content-type"),
  CONTENT_ENCODING("content-encoding"),
  CONTENT_RANGE("content-range"),
  CACHE_CONTROL("cache-control"),
  RANGE("range"),
  LOCATION("location"),
  DATE("date"),
  VIA("via"),
  FORWARDED("forwarded"),
  X_REAL_IP("x-real-ip"),
  X_FORWARDED_FOR("x-forwarded-for"),
  X_FORWARDED_HOST("x-forwarded-host"),
  X_FORWARDED_PROTO("x-forwarded-proto"),
  /** Every other name that begins with {@code x-forwarded-}. */
  X_FORWARDED("x-forwarded-"),
  X_REQUEST_ID("x-request-id"),
  TRACEPARENT("traceparent"),
  TRACESTATE("tracestate"),
  SEC_WEBSOCKET_KEY("sec-websocket-key"),
  SEC_WEBSOCKET_ACCEPT("sec-websocket-accept"),
  /**
   * A name of a request that is one of those which we write, remove or read, but for underscores in
   * place of dashes: CGI and what came of it cannot tell the two.
   */
  MISTAKABLE(""),
  /** Taken out of the head; never sent on. */
  REMOVED(""),
  /** What the client sent and a route took out: for rules and logs, but not sent on. */
  WITHHELD("");

  private static final FieldName[] ALL = values();
  private static final int LONGEST = 20;

  /** Candidates by length of name: names are told apart by length first, then compared. */
  private static final FieldName[][] BY_LENGTH = byLength();

  private final byte[] lower;

  FieldName(String lower) {
    this.lower = lower.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static FieldName[][] byLength() {
    FieldName[][] table = new FieldName[LONGEST + 1][0];
    for (FieldName name : ALL) {
      if (name.lower.length > 0 && name != X_FORWARDED) {
        FieldName[] old = table[name.lower.length];
        FieldName[] grown = Arrays.copyOf(old, old.length + 1);
        grown[old.length] = name;
        table[name.lower.length] = grown;
      }
    }
    return table;
  }

  /** The name spelled by {@code bytes[start, end)}, in any case. */
  public static FieldName of(byte[] bytes, int start, int end) {
    int length = end - start;
    if (length <= LONGEST) {
      for (FieldName name : BY_LENGTH[length]) {
        Ascii.Likeness likeness = Ascii.likeness(bytes, start, name.lower);
        if (likeness != Ascii.Likeness.DIFFERENT) {
          return likeness == Ascii.Likeness.EQUAL ? name : name.alike();
        }
      }
    }
    if (length > X_FORWARDED.lower.length) {
      return switch (Ascii.likeness(bytes, start, X_FORWARDED.lower)) {
        case EQUAL -> X_FORWARDED;
        case ALIKE -> MISTAKABLE;
        case DIFFERENT -> OTHER;
      };
    }
    return OTHER;
  }

  /** What a name is that is this one but for underscores. */
  private FieldName alike() {
    return switch (this) {
      case CONTENT_LENGTH,
          TRANSFER_ENCODING,
          KEEP_ALIVE,
          PROXY_CONNECTION,
          HTTP2_SETTINGS,
          MAX_FORWARDS,
          X_REAL_IP,
          X_FORWARDED_FOR,
          X_FORWARDED_HOST,
          X_FORWARDED_PROTO,
          X_REQUEST_ID,
          SEC_WEBSOCKET_KEY ->
          MISTAKABLE;
      default -> OTHER;
    };
  }

  /** Whether it speaks of one connection only and is never sent on (RFC 9110 section 7.6.1). */
  public boolean isHopByHop() {
    return switch (this) {
      case CONNECTION,
          KEEP_ALIVE,
          PROXY_CONNECTION,
          TE,
          TRANSFER_ENCODING,
          UPGRADE,
          HTTP2_SETTINGS ->
          true;
      default -> false;
    };
  }

  /** Whether a {@code Connection} field may ask for its removal: not what messages are made of. */
  public boolean isRemovableByNomination() {
    return switch (this) {
      case HOST,
          CONTENT_LENGTH,
          TRANSFER_ENCODING,
          UPGRADE, // it goes no further anyway, and is still to be read
          EXPECT,
          DATE,
          VIA,
          FORWARDED,
          X_REAL_IP,
          X_FORWARDED_FOR,
          X_FORWARDED_HOST,
          X_FORWARDED_PROTO,
          X_FORWARDED ->
          false;
      default -> true;
    };
  }

  /**
   * Whether it may stand among trailers: what frames or routes a message, controls it,
   * authenticates it or describes its content may not (RFC 9110 section 6.5.1), and that is all
   * that is named here.
   */
  public boolean isAllowedInTrailers() {
    return this == OTHER;
  }
}
