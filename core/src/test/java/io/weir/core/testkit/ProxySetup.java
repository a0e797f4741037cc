package io.weir.core.testkit;

import io.weir.core.config.Address;
import io.weir.core.config.BackendConfig;
import io.weir.core.config.ClientAddressConfig;
import io.weir.core.config.ErrorPagesConfig;
import io.weir.core.config.HealthConfig;
import io.weir.core.config.HostPort;
import io.weir.core.config.HstsConfig;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.LimitsConfig;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ListenerTlsConfig;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.config.PoolConfig.ProxyProtocolConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.config.RuntimeConfig;
import io.weir.core.config.RuntimeConfig.TransportChoice;
import io.weir.core.config.TimeoutConfig;
import io.weir.core.config.TlsConfig;
import io.weir.core.config.TracingConfig;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.path.PathMode;
import io.weir.tls.CertificatePem;
import io.weir.tls.TicketKey;
import io.weir.tls.UpstreamTlsConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A configuration for a story: one worker, a plain listener {@code web} on a free port unless told
 * otherwise, and everything else as a short file would have it, but for times: where a story names
 * none, nothing is late.
 *
 * <p>One worker makes stories about reuse and order exact; those about load ask for more.
 */
public final class ProxySetup {
  public static final String WEB = "web";
  public static final String APP = "app";

  /** Longer than the patience of any client here. */
  private static final Duration AMPLE = Duration.ofMinutes(1);

  private static final KeepAliveConfig KEEP_ALIVE =
      new KeepAliveConfig(AMPLE, KeepAliveConfig.DEFAULTS.perWorker());

  private static final HostPort FREE_PORT = new HostPort("127.0.0.1", 0);

  private final Map<String, ListenerConfig> listeners = new LinkedHashMap<>();
  private final Map<String, CertificatePem> certificates = new LinkedHashMap<>();
  private final Map<String, PoolConfig> pools = new LinkedHashMap<>();
  private final List<RouteConfig> routes = new ArrayList<>();
  private final List<RuleConfig> rules = new ArrayList<>();
  private List<Cidr> trusted = List.of();
  private String clientHeader = ClientAddressConfig.DEFAULTS.header();
  private PathMode pathMode = PathMode.COMPATIBLE;
  private boolean triesStrictPaths;
  private int connections = LimitsConfig.DEFAULTS.connections();
  private int connectionsPerIp = LimitsConfig.DEFAULTS.connectionsPerIp();
  private long bodySize = LimitsConfig.DEFAULTS.bodySize();
  private long minBodyRate = LimitsConfig.DEFAULTS.minBodyRate();
  private long bufferMemory = LimitsConfig.DEFAULTS.bufferMemory();
  private int requestsPerConnection = LimitsConfig.DEFAULTS.requestsPerConnection();
  private Duration header = AMPLE;
  private Duration bodyIdle = AMPLE;
  private Duration idle = AMPLE;
  private Duration tunnelIdle = TimeoutConfig.DEFAULTS.tunnelIdle();
  private Duration connect = AMPLE;
  private Duration response = AMPLE;
  private @Nullable Duration request = TimeoutConfig.DEFAULTS.request();
  private Duration tlsHandshake = AMPLE;
  private TracingConfig tracing = TracingConfig.DEFAULTS;
  private ErrorPagesConfig errorPages = ErrorPagesConfig.NONE;
  private @Nullable HstsConfig hsts;
  private List<TicketKey> ticketKeys = List.of();
  private boolean via = true;
  private int workers = 1;
  private TransportChoice transport = TransportChoice.AUTO;

  public ProxySetup transport(TransportChoice choice) {
    transport = choice;
    return this;
  }

  public ProxySetup workers(int count) {
    workers = count;
    return this;
  }

  public ProxySetup withoutVia() {
    via = false;
    return this;
  }

  public ProxySetup bodySize(long bytes) {
    bodySize = bytes;
    return this;
  }

  public ProxySetup connections(int all, int perIp) {
    connections = all;
    connectionsPerIp = perIp;
    return this;
  }

  public ProxySetup requestsPerConnection(int count) {
    requestsPerConnection = count;
    return this;
  }

  /** The least bytes a second of a request body. */
  public ProxySetup minBodyRate(long bytes) {
    minBodyRate = bytes;
    return this;
  }

  /** What clients may hold that do not read. */
  public ProxySetup bufferMemory(long bytes) {
    bufferMemory = bytes;
    return this;
  }

  private LimitsConfig limits() {
    return new LimitsConfig(
        connections,
        connectionsPerIp,
        LimitsConfig.DEFAULTS.headerSize(),
        LimitsConfig.DEFAULTS.headers(),
        bodySize,
        minBodyRate,
        bufferMemory,
        requestsPerConnection);
  }

  /** A client's time for a head, for each piece of a body, and between two requests. */
  public ProxySetup clientTimeouts(Duration head, Duration bodyPiece, Duration between) {
    header = head;
    bodyIdle = bodyPiece;
    idle = between;
    return this;
  }

  /** A backend's time to take a connection and to begin its answer. */
  public ProxySetup backendTimeouts(Duration toConnect, Duration toAnswer) {
    connect = toConnect;
    response = toAnswer;
    return this;
  }

  /** How long a request may take from its first byte to the last of its response. */
  public ProxySetup wholeRequest(Duration limit) {
    request = limit;
    return this;
  }

  /** A client's time for its TLS handshake, or for a hello that is passed on. */
  public ProxySetup handshakeTimeout(Duration handshake) {
    tlsHandshake = handshake;
    return this;
  }

  /** How long a WebSocket or a relay may be silent. */
  public ProxySetup tunnelIdle(Duration silence) {
    tunnelIdle = silence;
    return this;
  }

  private TimeoutConfig timeouts() {
    return new TimeoutConfig(
        header,
        bodyIdle,
        idle,
        tunnelIdle,
        connect,
        response,
        request,
        tlsHandshake,
        TimeoutConfig.DEFAULTS.drain());
  }

  public ProxySetup trusts(String... prefixes) {
    trusted = Stream.of(prefixes).map(Cidr::parse).toList();
    return this;
  }

  /** The header that they are believed in, lower case. */
  public ProxySetup clientHeader(String name) {
    clientHeader = name;
    return this;
  }

  /** Which ids requests carry. */
  public ProxySetup traces(TracingConfig value) {
    tracing = value;
    return this;
  }

  /** A page of one's own for a status. */
  public ProxySetup errorPage(int status, ErrorPagesConfig.Type type, String text) {
    errorPages =
        new ErrorPagesConfig(Map.of(status, List.of(new ErrorPagesConfig.Page(type, text))));
    return this;
  }

  public ProxySetup paths(PathMode mode) {
    pathMode = mode;
    return this;
  }

  /** Strict paths are tried; meanwhile they are compatible. */
  public ProxySetup triesStrictPaths() {
    triesStrictPaths = true;
    return this;
  }

  public ProxySetup rules(RuleConfig... more) {
    rules.addAll(List.of(more));
    return this;
  }

  /** A plain listener with that name. */
  public ProxySetup listens(String name) {
    return listens(name, new ListenerConfig.Http(), null);
  }

  public ProxySetup listens(
      String name, ListenerConfig.Mode mode, @Nullable ListenerTlsConfig tls) {
    return listens(name, FREE_PORT, mode, tls);
  }

  public ProxySetup listens(
      String name, HostPort bind, ListenerConfig.Mode mode, @Nullable ListenerTlsConfig tls) {
    listeners.put(name, new ListenerConfig(List.of(bind), mode, tls));
    return this;
  }

  /** A plain listener that takes HTTP/2 from clients that begin with its preface. */
  public ProxySetup listensH2c(String name) {
    return listens(
        name,
        new ListenerConfig(
            List.of(FREE_PORT),
            new ListenerConfig.Http(),
            List.of(HttpProtocol.H2C, HttpProtocol.HTTP_1_1),
            false,
            null));
  }

  public ProxySetup listens(String name, ListenerConfig listener) {
    listeners.put(name, listener);
    return this;
  }

  /**
   * A listener that terminates TLS with these certificates, the first for clients without a name.
   */
  public ProxySetup listensTls(String name, String... certificateNames) {
    return listens(
        name,
        new ListenerConfig.Http(),
        new ListenerTlsConfig(
            List.of(certificateNames),
            ListenerTlsConfig.UnknownName.DEFAULT,
            ListenerTlsConfig.MinVersion.TLS_1_2,
            null,
            hsts));
  }

  /** What listeners that terminate TLS, of those that follow, tell browsers. */
  public ProxySetup hsts(HstsConfig value) {
    hsts = value;
    return this;
  }

  /** From that listener's clients a PROXY header is asked for. */
  public ProxySetup toldByProxies(String name) {
    ListenerConfig plain = listeners.get(name);
    return listens(
        name, new ListenerConfig(plain.bind(), plain.mode(), plain.protocols(), true, plain.tls()));
  }

  /** The keys of a file that others have, too. */
  public ProxySetup ticketKeys(byte[] file) {
    ticketKeys = TicketKey.parse(file);
    return this;
  }

  public ProxySetup certificate(String name, Openssl.CertificateFiles files) {
    certificates.put(name, new CertificatePem(files.certificatePem(), files.keyPem()));
    return this;
  }

  /** A pool with these backends, in turn. */
  public ProxySetup pool(String name, InetSocketAddress... addresses) {
    return pool(name, null, null, addresses);
  }

  public ProxySetup pool(
      String name,
      @Nullable HealthConfig health,
      @Nullable UpstreamTlsConfig tls,
      InetSocketAddress... addresses) {
    List<BackendConfig> backends =
        Stream.of(addresses)
            .map(address -> new BackendConfig(hostPort(address), 1, false))
            .toList();
    pools.put(name, new PoolConfig(BalanceConfig.ROUND_ROBIN, backends, health, KEEP_ALIVE, tls));
    return this;
  }

  /** A pool of addresses of any kind. */
  public ProxySetup pool(String name, HttpProtocol protocol, Address... addresses) {
    List<BackendConfig> backends =
        Stream.of(addresses).map(address -> new BackendConfig(address, 1, false)).toList();
    return pool(
        name,
        new PoolConfig(
            BalanceConfig.ROUND_ROBIN, backends, null, KEEP_ALIVE, protocol, null, null));
  }

  /** A pool whose connections begin with a PROXY header. */
  public ProxySetup poolTold(
      String name,
      ProxyProtocolConfig version,
      @Nullable HealthConfig health,
      InetSocketAddress... addresses) {
    return poolTold(name, HttpProtocol.HTTP_1_1, version, health, addresses);
  }

  /** The same, in another version of HTTP. */
  public ProxySetup poolTold(
      String name,
      HttpProtocol protocol,
      ProxyProtocolConfig version,
      @Nullable HealthConfig health,
      InetSocketAddress... addresses) {
    pool(name, addresses);
    PoolConfig plain = pools.get(name);
    return pool(
        name,
        new PoolConfig(
            plain.balance(),
            plain.backends(),
            health,
            plain.keepAlive(),
            protocol,
            version,
            plain.tls()));
  }

  public ProxySetup pool(String name, PoolConfig pool) {
    pools.put(name, pool);
    return this;
  }

  /** One pool, to which every request goes that no other route takes. */
  public ProxySetup app(InetSocketAddress... addresses) {
    return pool(APP, addresses).route("", "", APP);
  }

  public ProxySetup app(ByteBackend... backends) {
    return app(Stream.of(backends).map(ByteBackend::address).toArray(InetSocketAddress[]::new));
  }

  /** A route to a pool by host and path; an empty text asks nothing. */
  public ProxySetup route(String host, String path, String pool) {
    return route(host, path, new RouteConfig.Forward(pool));
  }

  public ProxySetup route(String host, String path, RouteConfig.Action action) {
    List<String> hosts = host.isEmpty() ? List.of() : List.of(host);
    List<StringPattern> paths = path.isEmpty() ? List.of() : List.of(StringPattern.ofPath(path));
    return route(new RouteConfig.Match(Set.of(), hosts, paths), action);
  }

  public ProxySetup route(RouteConfig.Match match, RouteConfig.Action action) {
    routes.add(new RouteConfig(null, match, action));
    return this;
  }

  public ProxySetup route(RouteConfig route) {
    routes.add(route);
    return this;
  }

  public static HostPort hostPort(InetSocketAddress address) {
    return new HostPort(address.getAddress().getHostAddress(), address.getPort());
  }

  public ProxyConfig config() {
    if (listeners.isEmpty()) {
      listens(WEB);
    }
    return new ProxyConfig(
        new RuntimeConfig(transport, workers, via),
        limits(),
        timeouts(),
        new ClientAddressConfig(trusted, clientHeader),
        tracing,
        errorPages,
        listeners,
        new TlsConfig(ticketKeys),
        certificates,
        firewall(),
        pools,
        routes);
  }

  private FirewallConfig firewall() {
    FirewallConfig firewall =
        new FirewallConfig(new DefaultAction.Allow(), pathMode, rules, Map.of());
    return triesStrictPaths ? firewall.tryingStrictPaths() : firewall;
  }
}
