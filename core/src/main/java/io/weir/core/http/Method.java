package io.weir.core.http;

import java.nio.charset.StandardCharsets;

/** Request methods: the registered ones as constants, so that reading one makes no string. */
public final class Method {
  public static final String GET = "GET";
  public static final String CONNECT = "CONNECT";
  public static final String HEAD = "HEAD";
  public static final String OPTIONS = "OPTIONS";

  private static final String[] KNOWN = {
    GET, HEAD, "POST", "PUT", "DELETE", "PATCH", OPTIONS, CONNECT, "TRACE"
  };

  private Method() {}

  /** The method spelled by {@code bytes[start, end)}; methods are case-sensitive. */
  public static String of(byte[] bytes, int start, int end) {
    for (String known : KNOWN) {
      if (spells(bytes, start, end, known)) {
        return known;
      }
    }
    return new String(bytes, start, end - start, StandardCharsets.US_ASCII);
  }

  private static boolean spells(byte[] bytes, int start, int end, String method) {
    if (end - start != method.length()) {
      return false;
    }
    for (int i = 0; i < method.length(); i++) {
      if (bytes[start + i] != method.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether sending the request twice does what sending it once does (RFC 9110 section 9.2.2). */
  public static boolean isIdempotent(String method) {
    return switch (method) {
      case "GET", HEAD, OPTIONS, "PUT", "DELETE", "TRACE" -> true;
      default -> false;
    };
  }
}
