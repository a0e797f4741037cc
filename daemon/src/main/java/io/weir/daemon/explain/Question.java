package io.weir.daemon.explain;

import io.weir.core.status.AskedRequest;
import io.weir.core.status.AskedRequest.Comes;
import io.weir.core.status.AskedRequest.Header;
import io.weir.core.status.Refused;
import io.weir.firewall.address.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request as somebody writes it down who asks about it.
 *
 * @param headers lines like {@code user-agent: curl/8}
 * @param listener null: wherever the URL leads
 * @param tls what is known of the client's TLS
 */
public record Question(
    String url,
    String ip,
    String method,
    List<String> headers,
    String protocol,
    @Nullable String listener,
    Tls tls) {
  /** Not {@code java.net.URI}: what attackers write is no URI, and is asked about. */
  private static final Pattern URL =
      Pattern.compile("(?i)(?<scheme>https?)://(?<authority>[^/?#@\\s]+)(?<target>[^#\\s]*)(#.*)?");

  private static final Pattern PORT = Pattern.compile(".*:([0-9]{1,5})");
  private static final Pattern HEADER =
      Pattern.compile("(?<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):\\s*(?<value>[^\\r\\n\\x00]*?)\\s*");
  private static final List<String> PROTOCOLS = List.of("http/1.0", "http/1.1", "h2");
  private static final List<String> VERSIONS = List.of("1.2", "1.3");
  private static final String METHOD = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

  /**
   * What is known of the client's TLS; null for what nobody knows.
   *
   * @param version {@code 1.2} or {@code 1.3}
   * @param clientSubject of its certificate; empty if it shows none
   * @param ja4 its fingerprint
   */
  public record Tls(
      @Nullable String version, @Nullable String clientSubject, @Nullable String ja4) {
    public static final Tls UNKNOWN = new Tls(null, null, null);

    private void check(boolean encrypted) {
      if (version != null && !VERSIONS.contains(version)) {
        throw wrong("tls_version", version, String.join(", ", VERSIONS));
      }
      if (ja4 != null && ja4.isEmpty()) {
        throw wrong("ja4", ja4, "the fingerprint of a client");
      }
      if (!encrypted) {
        needsEncryption("tls_version", version);
        needsEncryption("client_subject", clientSubject);
        needsEncryption("ja4", ja4);
      }
    }

    private static void needsEncryption(String name, @Nullable String value) {
      if (value != null) {
        throw wrong(name, value, "only with a url that begins with https:");
      }
    }

    private AskedRequest.Tls asked(@Nullable String serverName) {
      Set<String> unknown = new TreeSet<>();
      addUnless(version, "tls.version", unknown);
      addUnless(clientSubject, "tls.client_subject", unknown);
      addUnless(ja4, "tls.ja4", unknown);
      String subject = clientSubject == null || clientSubject.isEmpty() ? null : clientSubject;
      return new AskedRequest.Tls(
          version == null ? "1.3" : version, serverName, subject, ja4, unknown);
    }

    private static void addUnless(@Nullable String known, String field, Set<String> unknown) {
      if (known == null) {
        unknown.add(field);
      }
    }
  }

  public Question {
    headers = List.copyOf(headers);
  }

  /**
   * Reads what {@code POST /api/v1/explain} carries.
   *
   * @throws IllegalArgumentException saying what is wrong, and what was expected
   */
  public static Question read(Map<String, Object> json) {
    List<String> headers = new ArrayList<>();
    if (json.get("headers") instanceof List<?> lines) {
      lines.forEach(line -> headers.add(String.valueOf(line)));
    } else if (json.containsKey("headers")) {
      throw new IllegalArgumentException("headers: not a list (expected: lines like \"a: b\")");
    }
    return new Question(
        text(json, "url", ""),
        text(json, "ip", ""),
        text(json, "method", "GET"),
        headers,
        text(json, "protocol", "http/1.1"),
        optional(json, "listener"),
        new Tls(
            optional(json, "tls_version"),
            optional(json, "client_subject"),
            optional(json, "ja4")));
  }

  private static @Nullable String optional(Map<String, Object> json, String name) {
    return json.containsKey(name) ? text(json, name, "") : null;
  }

  private static String text(Map<String, Object> json, String name, String otherwise) {
    return json.get(name) instanceof String text ? text : otherwise;
  }

  /**
   * As the proxy wants to be asked.
   *
   * @throws IllegalArgumentException saying what is wrong, and what was expected
   */
  public AskedRequest asked() {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw wrong("url", url, "http://HOST/PATH or https://HOST/PATH, blanks written as %20");
    }
    ClientAddress peer = ClientAddress.parse(ip);
    if (peer == null) {
      throw wrong("ip", ip, "the client's address, like 192.0.2.1");
    }
    if (!method.matches(METHOD)) {
      throw wrong("method", method, "a method, like GET");
    }
    if (!PROTOCOLS.contains(protocol)) {
      throw wrong("protocol", protocol, String.join(", ", PROTOCOLS));
    }
    boolean encrypted = parts.group("scheme").equalsIgnoreCase("https");
    tls.check(encrypted);
    String authority = parts.group("authority");
    String target = parts.group("target");
    return new AskedRequest(
        listener,
        port(authority, encrypted ? 443 : 80),
        peer,
        Comes.AS_CONFIGURED,
        method,
        authority,
        bytes(target.startsWith("/") ? target : "/" + target),
        lines(),
        protocol,
        encrypted ? tls.asked(serverName(authority)) : null);
  }

  private static IllegalArgumentException wrong(String what, String value, String expected) {
    return new IllegalArgumentException(
        "%s: \"%s\" (expected: %s)".formatted(what, value, expected));
  }

  private static int port(String authority, int otherwise) {
    Matcher port = PORT.matcher(authority);
    return port.matches() ? Integer.parseInt(port.group(1)) : otherwise;
  }

  /** What a client names in its ClientHello: no address, and no dot at the end (RFC 6066 3). */
  private static @Nullable String serverName(String authority) {
    String host = authority.replaceFirst(":[0-9]*$", "").replaceFirst("\\.$", "");
    boolean isAddress = host.startsWith("[") || ClientAddress.parse(host) != null;
    return isAddress ? null : host.toLowerCase(Locale.ROOT);
  }

  /** One char for each byte, as text comes from the wire. */
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private List<Header> lines() {
    List<Header> lines = new ArrayList<>();
    for (String line : headers) {
      Matcher parts = HEADER.matcher(line);
      if (!parts.matches()) {
        throw wrong("header", line, "NAME: VALUE");
      }
      lines.add(new Header(parts.group("name"), bytes(parts.group("value"))));
    }
    return lines;
  }

  /** A request that was refused, to be asked about again; null if too little of it was kept. */
  public static @Nullable AskedRequest again(Refused refused) {
    Refused.Request request = refused.request();
    if (request == null || request.lines() == null) {
      return null;
    }
    List<Header> lines = new ArrayList<>();
    for (String line : request.lines().split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        lines.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
      }
    }
    return new AskedRequest(
        refused.listener(),
        0,
        refused.client(),
        request.byProxy() ? Comes.BY_PROXY : Comes.DIRECTLY,
        request.method(),
        request.host(),
        request.target(),
        lines,
        request.protocol(),
        request.tlsVersion() == null
            ? null
            : new AskedRequest.Tls(
                request.tlsVersion(),
                request.serverName(),
                request.clientSubject(),
                request.ja4(),
                request.ja4() == null ? Set.of("tls.ja4") : Set.of())); // nobody asked for it then
  }
}
