package io.weir.core.status;

import io.weir.firewall.address.ClientAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that somebody wants to know the fate of.
 *
 * @param listener where it comes in; null: wherever the URL leads
 * @param port that the URL leads to
 * @param peer whose connection it is
 * @param comes how it comes from its client
 * @param authority the host that it asks for, with or without port
 * @param target path and query
 * @param protocol {@code http/1.0}, {@code http/1.1} or {@code h2}
 * @param tls null: in plain text
 */
public record AskedRequest(
    @Nullable String listener,
    int port,
    ClientAddress peer,
    Comes comes,
    String method,
    String authority,
    String target,
    List<Header> headers,
    String protocol,
    @Nullable Tls tls) {

  public AskedRequest {
    headers = List.copyOf(headers);
  }

  /** How a request comes from its client to Weir. */
  public enum Comes {
    /** As the configuration has it: whether the peer is trusted, and what it says of the client. */
    AS_CONFIGURED,
    /** The peer is the client, whatever headers say. */
    DIRECTLY,
    /** The peer is given as the client; it came through a proxy that was trusted then. */
    BY_PROXY
  }

  /** A header line. */
  public record Header(String name, String value) {}

  /**
   * What TLS tells of it.
   *
   * @param version {@code 1.2} or {@code 1.3}
   * @param ja4 the client's fingerprint
   * @param unknown which of these nobody knows, in the words of the configuration, like {@code
   *     tls.ja4}; rules that depend on them are left undecided
   */
  public record Tls(
      String version,
      @Nullable String serverName,
      @Nullable String clientSubject,
      @Nullable String ja4,
      Set<String> unknown) {
    public Tls {
      unknown = Set.copyOf(unknown);
    }
  }
}
