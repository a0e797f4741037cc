package io.weir.core.compile;

import io.weir.core.config.ConfigError;
import io.weir.core.config.HstsConfig;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.LimitsConfig;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ListenerTlsConfig;
import io.weir.core.config.ListenerTlsConfig.ClientAuth;
import io.weir.core.config.ListenerTlsConfig.MinVersion;
import io.weir.core.config.ListenerTlsConfig.UnknownName;
import io.weir.core.config.ProxyConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.config.TimeoutConfig;
import io.weir.core.edit.HeaderEdits;
import io.weir.core.edit.RouteEdits;
import io.weir.core.http.HttpLimits;
import io.weir.core.http.LocalResponse;
import io.weir.core.meter.ListenerMeter;
import io.weir.core.meter.RouteMeter;
import io.weir.core.route.PathPattern;
import io.weir.core.route.Router;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Route;
import io.weir.core.snapshot.RouteAction;
import io.weir.core.upstream.Pool;
import io.weir.core.worker.Clock;
import io.weir.firewall.Firewall;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.PathText;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import io.weir.tls.CertificatePem;
import io.weir.tls.CertificateStore;
import io.weir.tls.ClientAuthConfig;
import io.weir.tls.ServerTls;
import io.weir.tls.ServerTlsConfig;
import io.weir.tls.TlsConfigException;
import io.weir.tls.TlsContextCache;
import io.weir.tls.TlsProblem;
import io.weir.tls.TlsVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles listeners, each with its own table of routes and its certificates. */
final class ListenerCompiler {
  /** The route label of requests that no route took, and of those that could not be read. */
  private static final String NO_ROUTE = "none";

  private static final String REDIRECT = "redirect-to-https";

  private static final int METHOD_NOT_ALLOWED = 405;

  private final TlsContextCache contexts;
  private final BorrowedContexts borrowed;
  private final MetricsGeneration generation;
  private final Map<String, Pool> pools;
  private final Firewall firewall;
  private final List<ConfigError> errors;
  private final Map<String, String> routes = new LinkedHashMap<>();

  /**
   * A compiler of one generation.
   *
   * @param firewall which knows where the JA4 of clients is asked for
   */
  ListenerCompiler(
      TlsContextCache contexts,
      BorrowedContexts borrowed,
      MetricsGeneration generation,
      Map<String, Pool> pools,
      Firewall firewall,
      List<ConfigError> errors) {
    this.contexts = contexts;
    this.borrowed = borrowed;
    this.generation = generation;
    this.pools = pools;
    this.firewall = firewall;
    this.errors = errors;
  }

  Map<String, Listener> compile(ProxyConfig config) {
    Map<String, Listener> listeners = new LinkedHashMap<>();
    for (Map.Entry<String, ListenerConfig> entry : config.listeners().entrySet()) {
      String name = entry.getKey();
      ListenerMeter meter = new ListenerMeter(generation, name);
      generation.gauge(MetricName.CONNECTIONS_LIMIT, () -> config.limits().connections(), name);
      int index = listeners.size();
      Listener.Mode mode = mode(config, name, index, entry.getValue());
      long proxyHeader =
          entry.getValue().proxyProtocol() ? config.timeouts().header().toNanos() : 0;
      listeners.put(name, new Listener(name, index, mode, proxyHeader, meter));
    }
    return listeners;
  }

  /** What each compiled route does, in words, by its label. */
  Map<String, String> routes() {
    return Map.copyOf(routes);
  }

  private Listener.Mode mode(ProxyConfig config, String name, int index, ListenerConfig listener) {
    long idle = config.timeouts().tunnelIdle().toNanos();
    long hello = config.timeouts().tlsHandshake().toNanos();
    return switch (listener.mode()) {
      case ListenerConfig.Http http ->
          http(config, name, index, listener, routes(config, name, listener));
      case ListenerConfig.RedirectToHttps redirect ->
          http(config, name, index, listener, redirects(config, name, listener));
      case ListenerConfig.Relay relay -> new Listener.Relay(pool(relay.pool()), idle);
      case ListenerConfig.RelayByServerName byName -> byName(byName, idle, hello);
    };
  }

  private Listener.Http http(
      ProxyConfig config, String name, int index, ListenerConfig listener, Router<Route> router) {
    return new Listener.Http(
        router,
        unrouted(name, listener),
        limits(config.limits(), config.timeouts()),
        config.timeouts().tlsHandshake().toMillis(),
        certificates(config, name, listener),
        firewall.readsJa4(index)
            || RouteChecks.readsJa4(config, name)
            || (listener.tls() != null && listener.tls().ja4()),
        listener.protocols().contains(HttpProtocol.HTTP_1_1),
        listener.protocols().contains(HttpProtocol.H2C));
  }

  private static HttpLimits limits(LimitsConfig limits, TimeoutConfig timeouts) {
    Duration request = timeouts.request();
    return new HttpLimits(
        limits.headerSize(),
        limits.headers(),
        limits.bodySize(),
        limits.minBodyRate(),
        limits.requestsPerConnection(),
        timeouts.header().toNanos(),
        timeouts.bodyIdle().toNanos(),
        timeouts.idle().toNanos(),
        request == null ? 0 : request.toNanos(),
        timeouts.tunnelIdle().toNanos());
  }

  private Pool pool(String name) {
    Pool pool = pools.get(name);
    if (pool == null) {
      throw new IllegalStateException(name + " was validated and is not there");
    }
    return pool;
  }

  private Listener.RelayByServerName byName(
      ListenerConfig.RelayByServerName config, long idle, long hello) {
    Map<String, Pool> exact = new HashMap<>();
    Map<String, Pool> wildcard = new HashMap<>();
    config
        .pools()
        .forEach((name, pool) -> {
          if (name.startsWith("*.")) {
            wildcard.put(name.substring(2), pool(pool));
          } else {
            exact.put(name, pool(pool));
          }
        });
    return new Listener.RelayByServerName(exact, wildcard, idle, hello);
  }

  // Routes.

  /** To the same URL, so also to one that a route behind it may take. */
  private Router<Route> redirects(ProxyConfig config, String name, ListenerConfig listener) {
    boolean keepsSlash = config.routes().stream().anyMatch(RouteConfig::keepsEncodedSlash);
    return Router.<Route>builder()
        .build(plain(name, REDIRECT, new RouteAction.ToHttps(), keepsSlash, listener));
  }

  private Router<Route> routes(ProxyConfig config, String listener, ListenerConfig settings) {
    Router.Builder<Route> router = Router.builder();
    PathMode mode = config.firewall().pathMode();
    EditCompiler edits = new EditCompiler(errors);
    int asked = 0;
    for (int i = 0; i < config.routes().size(); i++) {
      RouteConfig route = config.routes().get(i);
      boolean asksMore = !route.match().conditions().isEmpty();
      int rest = asksMore ? asked++ : Route.NO_REST;
      RouteConfig.Match match = route.match();
      if (!match.listeners().isEmpty() && !match.listeners().contains(listener)) {
        continue;
      }
      List<PathPattern> paths =
          match.paths().stream().map(pattern -> pattern(pattern, mode)).toList();
      String path = "routes[" + i + "]";
      RouteEdits changes = edits.compile(route, path, hsts(settings));
      RouteAction action = action(route.action(), edits.own(route.action(), path));
      router.route(match.hosts(), paths, asksMore, route(listener, route, rest, action, changes));
    }
    return router.build(unrouted(listener, settings));
  }

  private Route route(
      String listener, RouteConfig config, int rest, RouteAction action, RouteEdits edits) {
    Duration silence = config.timeouts().response();
    return route(
        listener,
        config.label(),
        rest,
        action,
        edits,
        config.keepsEncodedSlash(),
        silence == null ? 0 : silence.toNanos());
  }

  private Route unrouted(String name, ListenerConfig listener) {
    return plain(name, NO_ROUTE, new RouteAction.NotFound(), false, listener);
  }

  /** A route that is in no file. */
  private Route plain(
      String name,
      String label,
      RouteAction action,
      boolean keepsEncodedSlash,
      ListenerConfig listener) {
    RouteEdits edits = EditCompiler.ofListener(hsts(listener));
    return route(name, label, Route.NO_REST, action, edits, keepsEncodedSlash, 0);
  }

  private Route route(
      String listener,
      String label,
      int rest,
      RouteAction action,
      RouteEdits edits,
      boolean keepsEncodedSlash,
      long responseNanos) {
    routes.put(label, words(action));
    RouteMeter meter = new RouteMeter(generation, listener, label);
    return new Route(label, rest, action, edits, keepsEncodedSlash, responseNanos, meter);
  }

  private static @Nullable HstsConfig hsts(ListenerConfig listener) {
    return listener.tls() == null ? null : listener.tls().hsts();
  }

  private static String words(RouteAction action) {
    return switch (action) {
      case RouteAction.Forward forward -> forward.pool().name();
      case RouteAction.Answer answer -> "answers " + answer.response().status();
      case RouteAction.NotFound notFound -> "answers 404";
      case RouteAction.ToHttps toHttps -> "redirects to https";
    };
  }

  private RouteAction action(RouteConfig.Action action, HeaderEdits own) {
    return switch (action) {
      case RouteConfig.Forward forward -> new RouteAction.Forward(pool(forward.pool()));
      case RouteConfig.Redirect redirect ->
          new RouteAction.Answer(LocalResponse.plain(redirect.status()), own);
      case RouteConfig.Respond respond ->
          new RouteAction.Answer(
              LocalResponse.of(
                  respond.status(),
                  allow(respond.status()) + contentType(respond.contentType()),
                  respond.body()),
              own);
    };
  }

  private static String allow(int status) {
    return status == METHOD_NOT_ALLOWED ? LocalResponse.NO_METHOD : "";
  }

  private static String contentType(@Nullable String type) {
    return type == null ? "" : "Content-Type: " + type + "\r\n";
  }

  /** Patterns are compared with canonical paths, so they are brought into the same form. */
  private static PathPattern pattern(StringPattern pattern, PathMode mode) {
    return switch (pattern) {
      case StringPattern.Exact exact -> new PathPattern.Exact(PathText.pattern(exact.text(), mode));
      case StringPattern.Prefix prefix ->
          new PathPattern.Prefix(PathText.pattern(prefix.text(), mode));
      case StringPattern.Below below -> new PathPattern.Below(PathText.pattern(below.path(), mode));
      default -> throw new IllegalStateException("path pattern was validated: " + pattern);
    };
  }

  // Certificates.

  private @Nullable CertificateStore certificates(
      ProxyConfig config, String name, ListenerConfig listener) {
    ListenerTlsConfig tls = listener.tls();
    if (tls == null) {
      return null;
    }
    Map<String, CertificatePem> certificates = new LinkedHashMap<>();
    for (String certificate : tls.certificates()) {
      CertificatePem pem = config.certificates().get(certificate);
      if (pem == null) {
        throw new IllegalStateException(certificate + " was validated and is not there");
      }
      certificates.put(certificate, pem);
    }
    ServerTlsConfig server =
        new ServerTlsConfig(
            certificates,
            tls.unknownName() == UnknownName.REFUSE
                ? ServerTlsConfig.UnknownName.REFUSE
                : ServerTlsConfig.UnknownName.DEFAULT,
            tls.minVersion() == MinVersion.TLS_1_3 ? TlsVersion.TLSv1_3 : TlsVersion.TLSv1_2,
            listener.protocols().stream().map(HttpProtocol::text).toList(),
            clientAuth(tls.clientAuth()));
    try {
      CertificateStore store = contexts.server(server, Clock.SYSTEM.instant());
      borrowed.add(store::close);
      store.all().forEach(this::expiry);
      return store;
    } catch (TlsConfigException e) {
      for (TlsProblem problem : e.problems()) {
        errors.add(
            new ConfigError("listeners." + name + ".tls", problem.message(), problem.hint()));
      }
      return null;
    }
  }

  private void expiry(ServerTls tls) {
    double seconds = tls.certificate().notAfter().getEpochSecond();
    generation.gauge(MetricName.TLS_CERTIFICATE_NOT_AFTER, () -> seconds, tls.name());
  }

  private static ClientAuthConfig clientAuth(@Nullable ClientAuth auth) {
    if (auth == null) {
      return ClientAuthConfig.NONE;
    }
    return new ClientAuthConfig(
        auth.required() ? ClientAuthConfig.Mode.REQUIRE : ClientAuthConfig.Mode.OPTIONAL,
        auth.caPem());
  }
}
