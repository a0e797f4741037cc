package io.weir.daemon.admin;

import com.fasterxml.jackson.jr.ob.JSON;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.weir.daemon.yaml.Units;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.ban.Ban;
import io.weir.firewall.ban.BanTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/bans}: who is banned, and operators' changes to it, each with a line in the log
 * that says whose it was.
 */
final class BansResource {
  private static final Logger LOG = LoggerFactory.getLogger(BansResource.class);

  private static final int USUAL_PAGE = 100;
  private static final int LARGEST_PAGE = 10_000; // some MB
  private static final Duration USUAL_TIME = Duration.ofHours(1);
  private static final Duration LONGEST_TIME = Duration.ofDays(3660);
  private static final String USUAL_REASON = "by an operator";
  private static final int SHORTEST_V4 = 8; // what a registry once gave to a whole company
  private static final int SHORTEST_V6 = 16; // providers have a /20 at most, a /12 is a continent
  private static final Set<String> MEMBERS = Set.of("ip", "for", "reason", "force");

  private final BanTable table;
  private final Executor executor;
  private final InstantSource clock;

  BansResource(BanTable table, Executor executor, InstantSource clock) {
    this.table = table;
    this.executor = executor;
    this.clock = clock;
  }

  /** What the client said is not what is expected; the message says both. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final transient HttpResponseStatus status;

    Refused(HttpResponseStatus status, String message) {
      super(message);
      this.status = status;
    }

    Refused(String message) {
      this(HttpResponseStatus.BAD_REQUEST, message);
    }
  }

  /** An answer, or a refusal. */
  private interface Work {
    FullHttpResponse answer() throws Refused;
  }

  /**
   * Answers a request by one of the methods that {@link AdminResource#BANS} takes; the control
   * loop.
   *
   * @param who asks, for the log
   */
  CompletableFuture<FullHttpResponse> answer(FullHttpRequest request, String who) {
    Map<String, List<String>> query = new QueryStringDecoder(request.uri()).parameters();
    if (AdminResource.isRead(request.method())) {
      return run(() -> list(query));
    }
    if (request.method().equals(HttpMethod.DELETE)) {
      return run(() -> remove(query, who));
    }
    String body = request.content().toString(StandardCharsets.UTF_8);
    return run(() -> add(body, who));
  }

  private CompletableFuture<FullHttpResponse> run(Work work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.answer();
          } catch (Refused e) {
            return AdminResponses.problem(e.status, String.valueOf(e.getMessage()));
          }
        },
        executor);
  }

  private FullHttpResponse list(Map<String, List<String>> query) throws Refused {
    String ip = first(query, "ip");
    if (ip != null) {
      Ban ban = table.find(prefix(ip).network(), clock.millis());
      BanPage page = new BanPage(ban == null ? List.of() : List.of(ban), ban == null ? 0 : 1, null);
      return AdminResponses.json(page::write);
    }
    String after = first(query, "after");
    BanPage page =
        BanPage.of(table, after == null ? null : prefix(after), pageSize(query), clock.millis());
    return AdminResponses.json(page::write);
  }

  private static int pageSize(Map<String, List<String>> query) throws Refused {
    String limit = first(query, "limit");
    if (limit == null) {
      return USUAL_PAGE;
    }
    if (!limit.matches("[0-9]{1,5}")
        || limit.matches("0+")
        || Integer.parseInt(limit) > LARGEST_PAGE) {
      throw new Refused("limit: \"" + limit + "\" (expected: 1 to " + LARGEST_PAGE + ")");
    }
    return Integer.parseInt(limit);
  }

  private FullHttpResponse add(String body, String who) throws Refused {
    Map<String, Object> members = members(body);
    Cidr clients = prefix(required(members));
    expectNoContinent(clients, members);
    Duration time = time(members);
    String reason = text(members, "reason", USUAL_REASON);
    long now = clock.millis();
    Ban before = table.find(clients.network(), now);
    boolean replaces = before != null && before.clients().equals(widened(clients));
    Ban ban = table.add(clients, time, reason, now);
    if (ban == null) {
      throw new Refused(
          HttpResponseStatus.CONFLICT, "there are too many banned prefixes; remove some first");
    }
    LOG.info(
        "ban {} by {}: {} until {}: {}",
        replaces ? "changed" : "added",
        who,
        ban.clients().inWords(),
        BanPage.until(ban),
        ban.reason());
    HttpResponseStatus status = replaces ? HttpResponseStatus.OK : HttpResponseStatus.CREATED;
    return AdminResponses.json(status, json -> BanPage.write(ban, json));
  }

  private FullHttpResponse remove(Map<String, List<String>> query, String who) throws Refused {
    String ip = first(query, "ip");
    if (ip == null) {
      throw new Refused("ip: missing (expected: ?ip= with an address or a prefix)");
    }
    Cidr clients = widened(prefix(ip));
    long now = clock.millis();
    if (!table.remove(clients, now)) {
      Ban around = table.find(clients.network(), now);
      throw new Refused(
          HttpResponseStatus.NOT_FOUND,
          clients.inWords()
              + " is not banned"
              + (around == null ? "" : " by itself, but " + around.clients().inWords() + " is"));
    }
    LOG.info("ban removed by {}: {}", who, clients.inWords());
    return AdminResponses.json(json -> json.writeStringField("ip", clients.inWords()));
  }

  private static Map<String, Object> members(String body) throws Refused {
    Map<String, Object> members;
    try {
      members = JSON.std.mapFrom(body);
    } catch (IOException e) {
      throw new Refused("the body is no JSON object");
    }
    for (String name : members.keySet()) {
      if (!MEMBERS.contains(name)) {
        throw new Refused(shown(name) + ": unknown (expected: ip, for, reason, force)");
      }
    }
    return members;
  }

  private static String required(Map<String, Object> members) throws Refused {
    String ip = text(members, "ip", "");
    if (ip.isEmpty()) {
      throw new Refused("ip: missing (expected: an address or a prefix)");
    }
    return ip;
  }

  /** A slip such as 10.0.0.0/1 would lock out everybody, operators with them. */
  private static void expectNoContinent(Cidr clients, Map<String, Object> members) throws Refused {
    Object force = members.getOrDefault("force", false);
    if (!(force instanceof Boolean)) {
      throw new Refused("force: expected: true or false");
    }
    int shortest = clients.network().isV6() ? SHORTEST_V6 : SHORTEST_V4;
    if (clients.length() < shortest && force.equals(false)) {
      throw new Refused(
          "ip: "
              + clients.inWords()
              + " is a large part of all clients (expected: at least /"
              + shortest
              + ", or force)");
    }
  }

  private static Duration time(Map<String, Object> members) throws Refused {
    if (!members.containsKey("for")) {
      return USUAL_TIME;
    }
    try {
      Duration time = Units.duration(text(members, "for", ""));
      if (time.isPositive() && time.compareTo(LONGEST_TIME) <= 0) {
        return time;
      }
    } catch (IllegalArgumentException e) {
      throw new Refused("for: " + e.getMessage());
    }
    throw new Refused("for: expected: more than nothing and at most ten years");
  }

  private static String text(Map<String, Object> members, String name, String otherwise)
      throws Refused {
    Object value = members.getOrDefault(name, otherwise);
    if (value instanceof String text) {
      return text;
    }
    throw new Refused(name + ": expected: a text");
  }

  private static Cidr prefix(String text) throws Refused {
    try {
      return Cidr.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
  }

  private static Cidr widened(Cidr clients) {
    return clients.isOneClient() ? Cidr.ofClient(clients.network()) : clients;
  }

  private static @Nullable String first(Map<String, List<String>> query, String name) {
    List<String> values = query.get(name);
    return values == null ? null : values.getFirst();
  }

  private static String shown(String name) {
    return name.substring(0, Math.min(40, name.length()));
  }
}
