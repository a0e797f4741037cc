package io.weir.core.exchange;

import io.weir.core.http.DownstreamStream;
import io.weir.core.http.Failure;
import io.weir.core.http.ForwardedFor;
import io.weir.core.http.HttpLimits;
import io.weir.core.http.RequestHandler;
import io.weir.core.http.RequestHead;
import io.weir.core.http.RequestListener;
import io.weir.core.proxyprotocol.ProxyHeader;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Snapshot;
import io.weir.firewall.address.ClientAddress;
import io.weir.tls.CertificateStore;
import io.weir.tls.HandshakeInfo;
import io.weir.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/** What is known of one client connection from request to request. For its worker's loop. */
public final class ClientConnection implements RequestHandler {
  private final RequestPath path;
  private final Peer peer;
  private final boolean tls;
  private @Nullable HandshakeInfo handshake;
  private @Nullable ServerTls presented;
  private @Nullable String ja4;

  /** The last store in which the client's own server name was what it was shown. */
  private @Nullable CertificateStore consulted;

  /** A reload has given its own server name another policy. */
  private boolean outdated;

  /** The snapshot that {@link #listener} and {@link #peerTrusted} were looked up in. */
  private Snapshot seen;

  private Listener listener;
  private boolean peerTrusted;
  private @Nullable ClientAddress toldClient;
  private @Nullable ForwardedFor told;

  /**
   * A new connection.
   *
   * @param snapshot the one that {@code listener} is of
   * @param tls whether it is encrypted
   */
  public ClientConnection(
      RequestPath path, Snapshot snapshot, Listener listener, Peer peer, boolean tls) {
    this.path = path;
    this.listener = listener;
    this.peer = peer;
    this.tls = tls;
    this.seen = snapshot;
    this.peerTrusted = isBelieved(seen);
  }

  private boolean isBelieved(Snapshot snapshot) {
    return peer.speaksForItself() && snapshot.trustedProxies().contains(peer.address());
  }

  /** What its next request would come to. */
  public Listener.Http http() {
    judgedBy(path.snapshot());
    return listener.http();
  }

  /** The certificate that the client will be shown. */
  public void presented(ServerTls certificate) {
    presented = certificate;
  }

  /** The JA4 fingerprint of the client's hello; null where nobody wanted it. */
  public void fingerprinted(@Nullable String fingerprint) {
    ja4 = fingerprint;
  }

  /** The TLS handshake is complete. */
  public void handshakeCompleted(HandshakeInfo info) {
    handshake = info;
  }

  /**
   * Whether a request for that host must not come over this connection: the client asked for
   * another server name, which has another certificate or another policy for client certificates,
   * or a reload has given its own one another policy.
   */
  boolean isMisdirected(Listener at, String host) {
    HandshakeInfo info = handshake;
    ServerTls shown = presented;
    if (info == null || shown == null || info.serverName() == null) {
      return false;
    }
    CertificateStore certificates = at.http().certificates();
    boolean own = host.equals(info.serverName());
    if (certificates == null || (own && certificates == consulted)) {
      return false;
    }
    ServerTls wanted = certificates.find(host);
    if (wanted == null || !shown.speaksFor(wanted)) {
      outdated |= own; // it would be answered so for ever
      return true;
    }
    if (own) {
      consulted = certificates;
    }
    return false;
  }

  @Nullable HandshakeInfo handshake() {
    return handshake;
  }

  @Nullable String ja4() {
    return ja4;
  }

  ClientAddress peer() {
    return peer.address();
  }

  boolean isTls() {
    return tls;
  }

  /**
   * What decides on the next request: that snapshot, or, if it has no such listener any more, the
   * last one that had it. Another's routes and rules are not meant for who came here.
   */
  Snapshot judgedBy(Snapshot latest) {
    if (latest.generation() != seen.generation()) {
      Listener current = latest.listeners().get(listener.name());
      if (current != null && current.mode() instanceof Listener.Http) {
        seen = latest;
        listener = current;
        peerTrusted = isBelieved(latest);
        told = null;
      }
    }
    return seen;
  }

  /** This connection's listener as of the last {@link #judgedBy}. */
  Listener listener() {
    return listener;
  }

  /** Whether the peer is believed, as of the last {@link #judgedBy}. */
  boolean isTrusted() {
    return peerTrusted;
  }

  /** Who the rules, the logs and the backends take for the client (docs: client address). */
  ClientAddress client(Snapshot snapshot, RequestHead head) {
    return peerTrusted
        ? ClientHeader.client(
            head, snapshot.clientHeader(), snapshot.trustedProxies(), peer.address())
        : peer.client();
  }

  /** What the PROXY header of a connection to a backend says of this client. */
  ProxyHeader proxyHeader(ClientAddress client) {
    ProxyHeader header = peer.onward();
    if (header instanceof ProxyHeader.Known known) {
      return known.from(client);
    }
    // A trusted peer without an address, at a Unix socket, may still tell of a client.
    return client.equals(peer.client()) ? header : ProxyHeader.Known.toNowhere(client);
  }

  /** What backends are told of the client; made anew only when it is another than last time. */
  ForwardedFor forwardedFor(ClientAddress client) {
    ForwardedFor known = told;
    if (known != null && client.equals(toldClient)) {
      return known;
    }
    known = new ForwardedFor(client.toString(), tls, peerTrusted);
    told = known;
    toldClient = client;
    return known;
  }

  @Override
  public HttpLimits limits() {
    return http().limits();
  }

  @Override
  public boolean isDraining() {
    return outdated
        || path.isDraining()
        || !path.snapshot().listeners().containsKey(listener.name());
  }

  @Override
  public RequestListener onHead(DownstreamStream stream, RequestHead head) {
    return path.onHead(this, stream, head);
  }

  @Override
  public void onTraffic(long in, long out) {
    listener.meter().bytes(path.worker().counters(), in, out);
  }

  @Override
  public void onConnectionRefused(Failure failure) {
    listener.meter().failed(path.worker().counters(), failure);
  }

  @Override
  public void onStreamRefused(Failure failure) {
    listener.meter().failed(path.worker().counters(), failure);
  }

  @Override
  public void onRefused(DownstreamStream stream, RequestHead head, Failure failure) {
    new Exchange(path, this, judgedBy(path.snapshot()), stream, head).fail(failure);
  }
}
