package io.weir.core.exchange;

import io.netty.util.AsciiString;
import io.weir.core.edit.TargetEdit;
import io.weir.core.http.HostField;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.RequestHead;
import io.weir.core.route.Router;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Route;
import io.weir.core.snapshot.RouteAction;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.status.AskedRequest;
import io.weir.core.status.AskedRequest.Header;
import io.weir.core.status.ExplainedRequest;
import io.weir.core.status.ExplainedRequest.Traced;
import io.weir.core.status.ExplainedRequest.Unclear;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.core.upstream.Pool;
import io.weir.core.worker.Clock;
import io.weir.firewall.Decision;
import io.weir.firewall.Explanation;
import io.weir.firewall.RequestMatches;
import io.weir.firewall.TlsHello;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.path.RequestTarget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows a request that somebody asks about, in the steps of {@link RequestPath}, and changes
 * nothing. For any thread but the loops: it looks at rules one by one.
 */
public final class RequestExplainer {
  private final Snapshot snapshot;
  private final Function<Pool, PoolStatus> pools;
  private final Clock clock;

  /**
   * Asks a snapshot.
   *
   * @param pools says how a pool is
   */
  public RequestExplainer(Snapshot snapshot, Function<Pool, PoolStatus> pools, Clock clock) {
    this.snapshot = snapshot;
    this.pools = pools;
    this.clock = clock;
  }

  /** What would become of a request that comes in at a listener, which speaks HTTP. */
  public ExplainedRequest explain(AskedRequest asked, Listener listener) {
    RequestHead head = head(asked);
    int field = hostField(head);
    String host = field < 0 ? null : new HostField().read(head.fields(), field);
    if (host == null) {
      return new Unclear("the host \"" + asked.authority() + "\" cannot be read: answered 400");
    }
    head.host(host, field);
    RequestTarget target = Targets.read(head, snapshot.pathMode());
    if (target == null) {
      return new Unclear("the target \"" + asked.target() + "\" cannot be read: answered 400");
    }
    boolean believed =
        asked.comes() == AskedRequest.Comes.AS_CONFIGURED
            && snapshot.trustedProxies().contains(asked.peer());
    boolean byProxy = believed || asked.comes() == AskedRequest.Comes.BY_PROXY;
    ClientAddress client =
        believed
            ? ClientHeader.client(
                head, snapshot.clientHeader(), snapshot.trustedProxies(), asked.peer())
            : asked.peer();
    AskedFacts facts =
        new AskedFacts(asked, head, target, client, listener.index(), "", clock.epochMillis());
    List<String> open = new ArrayList<>();
    Route route = route(listener, facts, open);
    if (!open.isEmpty()) {
      return new Unclear("its route depends on what is not known: " + String.join(", ", open));
    }
    if (!Targets.isTaken(target, route, snapshot.pathMode())) {
      return new Unclear(
          "the target \""
              + asked.target()
              + "\" has an encoded slash, which route \""
              + route.label()
              + "\" does not keep (encoded_slash): answered 400");
    }
    Explanation why =
        snapshot
            .firewall()
            .explain(
                facts.taking(route.label()),
                facts.unknown(),
                snapshot.firewall().newHits(),
                clock.nanos());
    PoolStatus pool =
        route.action() instanceof RouteAction.Forward(Pool to) ? pools.apply(to) : null;
    return new Traced(
        snapshot.generation(),
        listener.name(),
        client,
        !client.equals(asked.peer()),
        head.method(),
        host,
        readings(target),
        why.withStatus(status(why, byProxy)),
        route.label(),
        snapshot.routes().getOrDefault(route.label(), "404"),
        pool == null ? null : sent(target, route),
        pool);
  }

  /**
   * Who connects while banned is closed then; a proxy connects for others, too, and is answered for
   * each of them.
   */
  private static int status(Explanation why, boolean byProxy) {
    if (!byProxy) {
      return why.ban() == null ? why.status() : 0;
    }
    boolean unanswered = why.decision() != Decision.ALLOW && why.status() == 0;
    return unanswered ? OwnAnswers.FORBIDDEN : why.status();
  }

  /** What would become of a connection to a listener that relays bytes. */
  public ExplainedRequest explainRelayed(AskedRequest asked, Listener listener) {
    AskedRequest.Tls tls = asked.tls();
    boolean byName = listener.mode() instanceof Listener.RelayByServerName;
    if (byName && tls == null) {
      return new Unclear("the listener \"" + listener.name() + "\" passes on TLS: ask with https");
    }
    String name = tls == null ? null : tls.serverName();
    TlsHello hello =
        new TlsHello(
            asked.peer(),
            listener.index(),
            name,
            tls == null ? null : tls.ja4(),
            clock.epochMillis());
    Explanation why =
        snapshot
            .firewall()
            .explain(
                hello,
                byName,
                tls == null ? Set.of() : tls.unknown(),
                snapshot.firewall().newHits(),
                clock.nanos());
    Pool pool = pool(listener.mode(), name);
    return new Traced(
        snapshot.generation(),
        listener.name(),
        asked.peer(),
        false,
        null,
        asked.authority(),
        List.of(),
        why,
        null,
        pool == null ? "an alert: no pool has this name" : "pool " + pool.name(),
        null,
        pool == null ? null : pools.apply(pool));
  }

  private static @Nullable Pool pool(Listener.Mode mode, @Nullable String name) {
    return switch (mode) {
      case Listener.Http ignored -> throw new IllegalArgumentException("not a relay");
      case Listener.Relay(var pool, var idle) -> pool;
      case Listener.RelayByServerName byName -> name == null ? null : byName.find(name);
    };
  }

  /**
   * The route that the request takes.
   *
   * @param open gets the fields that nobody knows, if one depends on them that none before it takes
   */
  private Route route(Listener listener, AskedFacts facts, List<String> open) {
    Router<Route> router = listener.http().router();
    RequestMatches.Look look = snapshot.routeMatches().newLook();
    look.begin(facts);
    Route found =
        router.find(
            facts.host(),
            facts.target().path(),
            candidate -> {
              open.addAll(look.undecidedBy(candidate.rest(), facts.unknown()));
              return !open.isEmpty() || look.holds(candidate.rest());
            });
    look.end();
    return found;
  }

  private @Nullable String sent(RequestTarget target, Route route) {
    TargetEdit edit = route.edits().target();
    return edit == null ? target.forwarded() : edit.apply(target, snapshot.pathMode());
  }

  private static List<String> readings(RequestTarget target) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < target.readingCount(); i++) {
      all.add(target.reading(i));
    }
    return all;
  }

  private static RequestHead head(AskedRequest asked) {
    RequestHead head = new RequestHead();
    head.requestLine(asked.method(), asked.target(), version(asked.protocol()));
    boolean hasHost = false;
    for (Header header : asked.headers()) {
      hasHost |= header.name().equalsIgnoreCase("host");
      head.fields().addLine(latin1(header.name().toLowerCase(Locale.ROOT)), latin1(header.value()));
    }
    if (!hasHost) {
      head.fields().addLine(latin1("host"), latin1(asked.authority()));
    }
    return head;
  }

  private static int hostField(RequestHead head) {
    for (int i = 0; i < head.fields().count(); i++) {
      if (head.fields().isNamed(i, "host")) {
        return i;
      }
    }
    return -1;
  }

  private static AsciiString latin1(String text) {
    return new AsciiString(text.getBytes(StandardCharsets.ISO_8859_1), false);
  }

  private static HttpVersion version(String protocol) {
    return switch (protocol) {
      case "http/1.0" -> HttpVersion.HTTP_1_0;
      case "h2" -> HttpVersion.HTTP_2;
      default -> HttpVersion.HTTP_1_1;
    };
  }
}
