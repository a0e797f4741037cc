package io.weir.core.http2;

import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The fields of a block as HPACK yields them, judged by RFC 9113 in the simplest way. */
final class FieldList extends CarriedHeaders {
  private static final Set<String> OF_REQUESTS =
      Set.of(":method", ":scheme", ":path", ":authority", ":protocol");
  private static final Set<String> OF_CONNECTIONS =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  /** One that collects what a decoder reads. */
  static DefaultHttp2HeadersDecoder decoderInto(Http2Headers into) {
    return new DefaultHttp2HeadersDecoder(false, false, 0xffff_ffffL) {
      @Override
      protected Http2Headers newHeaders() {
        return into;
      }
    };
  }

  @Override
  public Http2Headers add(CharSequence name, CharSequence value) {
    names.add(name.toString());
    values.add(value.toString());
    return this;
  }

  /** How large the same would be on HTTP/1. */
  int bytes() {
    int bytes = 0;
    for (int i = 0; i < names.size(); i++) {
      bytes += names.get(i).length() + values.get(i).length() + 4;
    }
    return bytes;
  }

  /** All values of that name. */
  List<String> all(String name) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(name)) {
        found.add(values.get(i));
      }
    }
    return found;
  }

  /** The fields that are no pseudo-fields, as lines of HTTP/1. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).startsWith(":")) {
        lines.add(names.get(i) + ": " + values.get(i));
      }
    }
    return lines;
  }

  /** Sections 8.2 and 8.3, for either direction. */
  private boolean isWellFormed(Set<String> pseudo) {
    boolean regular = false;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.startsWith(":")) {
        if (regular || !pseudo.contains(name) || all(name).size() > 1) {
          return false;
        }
        continue;
      }
      regular = true;
      String value = values.get(i);
      if (!name.matches(TOKEN)
          || !name.equals(name.toLowerCase(Locale.ROOT))
          || OF_CONNECTIONS.contains(name)
          || !value.matches("[\\t\\x20-\\x7e\\x80-\\xff]*")
          || value.matches("[\\t ].*|.*[\\t ]")) {
        return false;
      }
    }
    return true;
  }

  boolean isWellFormedRequest() {
    return isWellFormed(OF_REQUESTS)
        && all(":method").stream().allMatch(value -> value.matches(TOKEN))
        && all(":path").stream().allMatch(FieldList::isTarget)
        && all(":authority").stream().allMatch(value -> !value.isEmpty() && isTarget(value))
        && all("te").stream().allMatch("trailers"::equalsIgnoreCase);
  }

  boolean isWellFormedResponse() {
    return isWellFormed(Set.of(":status"))
        && all(":status").stream().anyMatch(value -> value.matches("[1-9][0-9][0-9]"))
        && all("te").isEmpty();
  }

  private static boolean isTarget(String value) {
    return value.matches("[\\x21-\\x7e\\x80-\\xff]*");
  }

  /** What is written for HTTP/1, line by line. */
  static List<String> linesOf(byte[] written) {
    String text = new String(written, StandardCharsets.ISO_8859_1);
    return text.isEmpty() ? List.of() : List.of(text.split("\r\n", -1));
  }
}
