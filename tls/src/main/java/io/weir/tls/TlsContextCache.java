package io.weir.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All contexts in use: what did not change between two configurations is built once and shared.
 *
 * <p>Who owns what: the cache holds one reference to each native context, from the first borrower
 * to the last. Every {@link CertificateStore} and {@link UpstreamTls} is a borrower until it is
 * closed. Every connection holds its own reference, taken by its engine and given back when its
 * handler is removed, so a context that is let go here lives on until its last connection ends.
 *
 * <p>For a reload: borrow for the new configuration first, then close what the old one borrowed; a
 * context that both want is never rebuilt, and its clients go on resuming. Called by the control
 * thread; the lock is for tests and shutdown.
 */
public final class TlsContextCache {

  private final TlsProvider provider;
  private final TicketKeys ticketKeys;
  private final Map<ServerTls.Settings, Lent<ServerTls>> servers = new HashMap<>();
  private final Map<UpstreamTlsConfig, Lent<SslContext>> upstreams = new HashMap<>();

  public TlsContextCache(TlsProvider provider, TicketKeys ticketKeys) {
    this.provider = provider;
    this.ticketKeys = ticketKeys;
  }

  /** Borrows a context for each certificate. All problems of all certificates at once. */
  public synchronized CertificateStore server(ServerTlsConfig config, Instant now)
      throws TlsConfigException {
    List<ServerTls> borrowed = new ArrayList<>();
    List<TlsProblem> problems = new ArrayList<>();
    for (Map.Entry<String, CertificatePem> certificate : config.certificates().entrySet()) {
      ServerTls.Settings settings =
          new ServerTls.Settings(
              certificate.getKey(),
              certificate.getValue(),
              config.minVersion(),
              config.alpn(),
              config.clientAuth());
      try {
        borrowed.add(borrow(settings, now));
      } catch (TlsConfigException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      borrowed.forEach(this::giveBack);
      throw new TlsConfigException(problems);
    }
    return new CertificateStore(this, borrowed, config.unknownName());
  }

  /** Makes a new key for session tickets if it is time. To be called now and then. */
  public synchronized void rotateTicketKeys(Instant now) {
    if (ticketKeys.rotate(now)) {
      useTicketKeys();
    }
  }

  /** Seals session tickets with these keys from now on; with none, with keys of our own. */
  public synchronized void shareTicketKeys(List<TicketKey> keys) {
    if (ticketKeys.share(keys)) {
      useTicketKeys();
    }
  }

  private void useTicketKeys() {
    for (Lent<ServerTls> server : servers.values()) {
      ServerContexts.useTicketKeys(server.value.context(), ticketKeys);
    }
  }

  /** Borrows a context for the backends of a pool. */
  public synchronized UpstreamTls upstream(UpstreamTlsConfig config, Instant now)
      throws TlsConfigException {
    Lent<SslContext> lent = upstreams.get(config);
    if (lent == null) {
      lent = new Lent<>(UpstreamContexts.build(provider, config, now));
      upstreams.put(config, lent);
    }
    lent.borrowers++;
    return new UpstreamTls(this, config, lent.value);
  }

  /** Contexts in use. */
  public synchronized int size() {
    return servers.size() + upstreams.size();
  }

  synchronized void giveBack(ServerTls tls) {
    if (lastOf(servers, tls.settings())) {
      free(tls.context());
    }
  }

  synchronized void giveBack(UpstreamTls tls) {
    if (lastOf(upstreams, tls.config())) {
      free(tls.context());
    }
  }

  private ServerTls borrow(ServerTls.Settings settings, Instant now) throws TlsConfigException {
    Lent<ServerTls> lent = servers.get(settings);
    if (lent == null) {
      KeyPairLoader.Result loaded = KeyPairLoader.load(settings.certificate(), now);
      LoadedCertificate certificate = loaded.certificate();
      if (certificate == null) {
        throw new TlsConfigException(loaded.problems().stream().filter(TlsProblem::fatal).toList());
      }
      SslContext context = ServerContexts.build(provider, certificate, settings, ticketKeys);
      lent = new Lent<>(new ServerTls(settings, certificate, context));
      servers.put(settings, lent);
    }
    lent.borrowers++;
    return lent.value;
  }

  private static <K> boolean lastOf(Map<K, ? extends Lent<?>> all, K settings) {
    Lent<?> lent = all.get(settings);
    if (lent == null) {
      throw new IllegalStateException("given back more often than borrowed");
    }
    if (--lent.borrowers > 0) {
      return false;
    }
    all.remove(settings);
    return true;
  }

  private static void free(SslContext context) {
    ReferenceCountUtil.release(context); // does nothing to the JDK's, which are not counted
  }

  private static final class Lent<T> {
    final T value;
    int borrowers; // guarded by the cache

    Lent(T value) {
      this.value = value;
    }
  }
}
