package io.weir.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of one listener, found by server name: exact, then one label of wildcard, then
 * the default. Immutable; look-ups from any thread.
 *
 * <p>It borrows its contexts from a {@link TlsContextCache}: close it once, when no connection can
 * look into it any more. Connections that are already open keep their own hold on the context.
 */
public final class CertificateStore implements AutoCloseable {

  private final TlsContextCache cache;
  private final List<ServerTls> all;
  private final Map<String, ServerTls> exact = new HashMap<>();
  private final Map<String, ServerTls> wildcard = new HashMap<>(); // by what follows "*."
  private final @Nullable ServerTls fallback;
  private boolean closed; // written by the control thread only

  /** Takes over one hold on each of {@code certificates}, which are in the user's order. */
  CertificateStore(
      TlsContextCache cache,
      List<ServerTls> certificates,
      ServerTlsConfig.UnknownName unknownName) {
    this.cache = cache;
    this.all = List.copyOf(certificates);
    this.fallback =
        unknownName == ServerTlsConfig.UnknownName.DEFAULT ? certificates.getFirst() : null;
    for (ServerTls tls : certificates) {
      for (String name : tls.certificate().names()) {
        if (name.startsWith("*.")) {
          wildcard.putIfAbsent(name.substring(2), tls);
        } else {
          exact.putIfAbsent(name, tls);
        }
      }
    }
  }

  /**
   * The certificate for a server name in any case, or null if the client must be refused.
   *
   * @param serverName null if the client sent none
   */
  public @Nullable ServerTls find(@Nullable String serverName) {
    if (serverName == null) {
      return fallback;
    }
    String name = ServerNames.normal(serverName);
    ServerTls found = exact.get(name);
    if (found == null && !wildcard.isEmpty()) {
      int dot = name.indexOf('.');
      found = dot > 0 ? wildcard.get(name.substring(dot + 1)) : null;
    }
    return found != null ? found : fallback;
  }

  /**
   * {@link #find} as a decision; allocates nothing. A client that knows other protocols only is
   * refused: what it says in them could mean something in ours.
   */
  public ServerNameDecision decide(ClientHello hello) {
    ServerTls found = find(hello.serverName());
    if (found == null) {
      return ServerNameDecision.Refuse.UNKNOWN_NAME;
    }
    return found.speaksAnyOf(hello.alpn())
        ? found.decision()
        : ServerNameDecision.Refuse.NO_PROTOCOL;
  }

  /** In the user's order. */
  public List<ServerTls> all() {
    return all;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      all.forEach(cache::giveBack);
    }
  }
}
