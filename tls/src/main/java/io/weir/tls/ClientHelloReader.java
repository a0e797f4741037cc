package io.weir.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a ClientHello: the extensions that decide where a connection goes, and no more.
 * What is not well-formed is null, never an exception. Of server names that is stricter than
 * BoringSSL: bytes that no name of a host has (RFC 6066 section 3) are refused.
 */
final class ClientHelloReader {

  private static final int SERVER_NAME = 0; // RFC 6066
  private static final int ALPN = 16; // RFC 7301
  private static final int SUPPORTED_VERSIONS = 43; // RFC 8446 section 4.2.1
  private static final int HOST_NAME = 0;
  private static final int LONGEST_NAME = 255; // RFC 1035 section 2.3.4
  private static final int HANDSHAKE_HEADER = 4;
  private static final int RANDOM = 32;

  // What nearly all clients send, so that reading it makes no list.
  private static final byte[] H2_AND_HTTP1 = "\2h2\10http/1.1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HTTP1 = "\10http/1.1".getBytes(StandardCharsets.US_ASCII);
  private static final List<String> H2_AND_HTTP1_LIST = List.of("h2", "http/1.1");
  private static final List<String> HTTP1_LIST = List.of("http/1.1");

  private final ByteBuf in;
  private final @Nullable Ja4 ja4;
  private @Nullable String serverName;
  private List<String> alpn = List.of();
  private int maxVersion;

  private ClientHelloReader(ByteBuf in, boolean fingerprint) {
    this.in = in;
    ja4 = fingerprint ? new Ja4(in) : null;
  }

  /**
   * @param in holds the message without its four-byte header between two indexes; borrowed, and
   *     left as it is
   * @param fingerprint whether {@link ClientHello#ja4} is wanted
   */
  static @Nullable ClientHello read(ByteBuf in, int start, int end, boolean fingerprint) {
    ClientHelloReader reader = new ClientHelloReader(in, fingerprint);
    return reader.message(start, end) ? reader.hello(HANDSHAKE_HEADER + end - start) : null;
  }

  private ClientHello hello(int length) {
    return new ClientHello(serverName, alpn, maxVersion, length, ja4 == null ? null : ja4.text());
  }

  // Every step below gets the place to read at and the end that bounds it; false is malformed.

  private boolean message(int start, int end) {
    int at = start + 2 + RANDOM;
    if (at >= end) {
      return false;
    }
    maxVersion = in.getUnsignedShort(start);
    at += 1 + in.getUnsignedByte(at); // session id
    if (at + 2 > end) {
      return false;
    }
    int suites = at + 2;
    at = suites + in.getUnsignedShort(at);
    if (at + 1 > end) {
      return false;
    }
    if (ja4 != null) {
      ja4.version(maxVersion);
      ja4.suites(suites, at);
    }
    at += 1 + in.getUnsignedByte(at); // compression methods
    if (at == end) {
      return true; // no extensions, which TLS 1.2 allows
    }
    return at + 2 <= end && at + 2 + in.getUnsignedShort(at) == end && extensions(at + 2, end);
  }

  private boolean extensions(int start, int end) {
    int at = start;
    while (at < end) {
      if (at + 4 > end) {
        return false;
      }
      int type = in.getUnsignedShort(at);
      int from = at + 4;
      int to = from + in.getUnsignedShort(at + 2);
      if (to > end || !extension(type, from, to)) {
        return false;
      }
      if (ja4 != null) {
        ja4.extension(type, from, to);
      }
      at = to;
    }
    return true;
  }

  private boolean extension(int type, int from, int to) {
    return switch (type) {
      case SERVER_NAME -> serverName(from, to);
      case ALPN -> alpn(from, to);
      case SUPPORTED_VERSIONS -> supportedVersions(from, to);
      default -> true;
    };
  }

  // One list of one host name: nothing else has ever been defined, and BoringSSL reads it so.
  private boolean serverName(int from, int to) {
    if (from + 5 > to
        || in.getUnsignedShort(from) != to - from - 2
        || in.getUnsignedByte(from + 2) != HOST_NAME) {
      return false;
    }
    int length = in.getUnsignedShort(from + 3);
    if (length == 0 || length > LONGEST_NAME || from + 5 + length != to || serverName != null) {
      return false;
    }
    for (int i = from + 5; i < to; i++) {
      byte b = in.getByte(i);
      if (b <= ' ' || b == 0x7f) { // controls, space and all above ASCII
        return false;
      }
    }
    serverName = ServerNames.normal(in.toString(from + 5, length, StandardCharsets.US_ASCII));
    return true;
  }

  private boolean alpn(int from, int to) {
    int at = from + 2;
    if (at >= to || in.getUnsignedShort(from) != to - at) {
      return false;
    }
    if (holds(at, to, H2_AND_HTTP1)) {
      alpn = H2_AND_HTTP1_LIST;
      return true;
    }
    if (holds(at, to, HTTP1)) {
      alpn = HTTP1_LIST;
      return true;
    }
    List<String> protocols = new ArrayList<>();
    while (at < to) {
      int length = in.getUnsignedByte(at);
      if (length == 0 || at + 1 + length > to) {
        return false;
      }
      // ISO 8859-1: protocol names are octets, GREASE's are above ASCII.
      protocols.add(in.toString(at + 1, length, StandardCharsets.ISO_8859_1));
      at += 1 + length;
    }
    alpn = protocols;
    return true;
  }

  private boolean holds(int from, int to, byte[] expected) {
    if (to - from != expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (in.getByte(from + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean supportedVersions(int from, int to) {
    int at = from + 1;
    if (at >= to || in.getUnsignedByte(from) != to - at || (to - at) % 2 != 0) {
      return false;
    }
    for (int newest = 0; at < to; at += 2) {
      int version = in.getUnsignedShort(at);
      // GREASE (RFC 8701) is 0x?a?a, so above every version.
      if (version >> 8 == 3 && version > newest) {
        newest = version;
        maxVersion = version;
      }
    }
    return true;
  }
}
