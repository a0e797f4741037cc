package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.Attacker;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.Visitor;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.BanAfter;
import io.weir.firewall.config.BanTime;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StatusRange;
import io.weir.firewall.config.StringPattern;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Attacks, with an honest visitor beside them. What gets through is counted and asserted; what the
 * visitor saw and what memory it took is printed, since the machine decides about it.
 */
class AttackStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String NONE = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
  private static final String DENIED = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
  private static final String LOGIN =
      "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\npass=1234";
  private static final Duration DAY = Duration.ofDays(1);

  /** Of a thousand one comes back in some nine hours: none while a test runs. */
  private static final Duration YEAR = Duration.ofDays(366);

  private static final BanTime FOR_A_DAY = new BanTime(DAY);
  private static final MatchConfig ON_LOGIN =
      new MatchConfig.Path(List.of(StringPattern.ofPath("/login")));

  private static LimitConfig perYear(KeyPart key, long count) {
    return new LimitConfig(List.of(key), new Rate(count, YEAR));
  }

  private static RuleConfig limit(String name, MatchConfig match, LimitConfig limit) {
    return new RuleConfig(name, match, new ActionConfig.Limit(limit));
  }

  /** A site with a login that nobody guesses and without the pages that scanners look for. */
  private ByteBackend site() {
    return backend(
        Script.answers((on, request) ->
            on.sends(
                switch (request.target()) {
                  case "/" -> OK;
                  case "/login" -> DENIED;
                  default -> NONE;
                })));
  }

  private static long usedMegabytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  private static void prints(String attack, String through, Visitor visitor, long before) {
    int visits = visitor.leaves();
    System.out.printf(
        "attack: %s: %s; a visitor meanwhile: %d of %d requests answered, p99 %.1f ms; heap %+d"
            + " MB%n",
        attack,
        through,
        visits - visitor.failures(),
        visits,
        visitor.p99Millis(),
        usedMegabytes() - before);
  }

  @Test
  void oneAddressGuessesPasswords() {
    LimitConfig five = perYear(new KeyPart.Ip(), 5).then(new BanAfter(FOR_A_DAY, 3));
    WeirUnderTest weir = starts(proxy().app(site()).rules(limit("login", ON_LOGIN, five)));
    long before = usedMegabytes();
    Visitor visitor = keeps(Visitor.comesTo(weir.address(ProxySetup.WEB)));
    Attacker attacker = new Attacker(weir.address(ProxySetup.WEB));
    InetAddress home = Attacker.address(0);
    for (int i = 0; i < 2000; i++) {
      attacker.asks(home, LOGIN, 1);
    }
    prints(
        "2,000 passwords from one address",
        attacker.answers(401) + " tried, " + attacker.answers(429) + " limited, the rest banned",
        visitor,
        before);
    assertThat(attacker.answers(401)).isEqualTo(5);
    assertThat(attacker.answers(429)).isEqualTo(3);
    assertThat(attacker.sentAway()).isEqualTo(1992);
    assertThat(visitor.failures()).isZero();
    weir.eventually("weir_bans", 1);
  }

  @Test
  void tenThousandAddressesGuessPasswords() throws InterruptedException {
    LimitConfig five = perYear(new KeyPart.Ip(), 5).then(new BanAfter(FOR_A_DAY, 3));
    LimitConfig all = perYear(new KeyPart.Path(), 1000);
    ProxySetup setup = proxy().workers(2).app(site());
    WeirUnderTest weir =
        starts(setup.rules(limit("login", ON_LOGIN, five), limit("all-logins", ON_LOGIN, all)));
    long before = usedMegabytes();
    Visitor visitor = keeps(Visitor.comesTo(weir.address(ProxySetup.WEB)));
    Attacker attacker = new Attacker(weir.address(ProxySetup.WEB));
    int addresses = 10_000;
    onThreads(4, addresses, n -> attacker.asks(Attacker.address(n), LOGIN, 8));
    int limited = attacker.answers(429);
    onThreads(4, 100, n -> attacker.asks(Attacker.address(n * 100), LOGIN, 1)); // they come again
    prints(
        "80,000 passwords from 10,000 addresses",
        attacker.answers(401) + " tried, " + (int) weir.figure("weir_bans") + " addresses banned",
        visitor,
        before);
    assertThat(attacker.answers(401)).isEqualTo(1000);
    assertThat(limited).isEqualTo(addresses * 8 - 1000);
    assertThat(attacker.answers(429)).as("who comes again is sent away").isEqualTo(limited);
    weir.eventually("weir_bans", addresses);
    assertThat(visitor.failures()).isZero();
  }

  @Test
  void aScannerIsFoundByWhatIsNotThere() {
    MatchConfig notFound = new MatchConfig.ResponseStatus(List.of(StatusRange.parse("404")));
    LimitConfig sixty = perYear(new KeyPart.Ip(), 60).then(new BanAfter(FOR_A_DAY, 1));
    ByteBackend site = site();
    WeirUnderTest weir = starts(proxy().app(site).rules(limit("scanners", notFound, sixty)));
    long before = usedMegabytes();
    Visitor visitor = keeps(Visitor.comesTo(weir.address(ProxySetup.WEB)));
    Attacker attacker = new Attacker(weir.address(ProxySetup.WEB));
    InetAddress home = Attacker.address(0);
    for (int i = 0; i < 5000; i++) {
      attacker.asks(home, "GET /" + i + ".php HTTP/1.1\r\nHost: a\r\n\r\n", 1);
    }
    prints(
        "a scan of 5,000 paths",
        attacker.answers(404) + " looked at, then banned",
        visitor,
        before);
    assertThat(attacker.answers(404)).isEqualTo(60);
    assertThat(attacker.answers(429)).isEqualTo(1);
    assertThat(attacker.sentAway()).isEqualTo(4939);
    assertThat(visitor.failures()).isZero();
  }

  private static String login(String key) {
    return LOGIN.replace("\r\n\r\n", "\r\nX-Key: " + key + "\r\n\r\n");
  }

  @Test
  void fiftyThousandKeysAreThrownAtATableThatHoldsFewer() throws InterruptedException {
    KeyPart key = new KeyPart.Header("x-key");
    List<RuleConfig> rules = new ArrayList<>();
    rules.add(limit("login", ON_LOGIN, perYear(key, 3)));
    rules.add(limit("all", MatchConfig.ALWAYS, perYear(key, 10_000_000)));
    for (int i = rules.size(); i < 1024; i++) { // so many limits have 4,096 keys each
      MatchConfig never = new MatchConfig.Path(List.of(StringPattern.ofPath("/never/" + i)));
      rules.add(limit("never" + i, never, perYear(key, 1)));
    }
    ProxySetup setup = proxy().app(site()).rules(rules.toArray(RuleConfig[]::new));
    WeirUnderTest weir = starts(setup);
    long before = usedMegabytes();
    Visitor visitor = keeps(Visitor.comesTo(weir.address(ProxySetup.WEB)));
    Attacker attacker = new Attacker(weir.address(ProxySetup.WEB));
    InetAddress home = Attacker.address(0);
    attacker.asks(home, login("limited"), 4);
    assertThat(attacker.answers(429)).isEqualTo(1);
    int keys = 50_000;
    int atOnce = 10;
    onThreads(
        4,
        keys / atOnce,
        n -> {
          StringBuilder requests = new StringBuilder();
          for (int i = 0; i < atOnce; i++) {
            requests.append(login("key" + (n * atOnce + i)));
          }
          attacker.asksAll(home, requests.toString(), atOnce);
        });
    int tried = attacker.answers(401);
    int refused = attacker.answers(429);
    attacker.asks(home, login("limited"), 10);
    prints(
        "50,000 keys, one try each, at a table for 4,096",
        tried + " tried, " + refused + " refused",
        visitor,
        before);
    assertThat(tried + refused).isEqualTo(keys + 4);
    assertThat(tried).as("no more than the table holds").isBetween(4096 / 2, 3 * 4096);
    assertThat(attacker.answers(401)).as("a limited key stays so").isEqualTo(tried);
    assertThat(attacker.sentAway()).isZero();
    assertThat(visitor.failures()).isZero();
  }

  @Test
  void connectionsFloodIn() throws IOException {
    LimitConfig rate = perYear(new KeyPart.Ip(), 500).perConnection();
    ProxySetup setup = proxy().connections(10_000, 100).app(site());
    WeirUnderTest weir = starts(setup.rules(limit("floods", MatchConfig.ALWAYS, rate)));
    long before = usedMegabytes();
    Visitor visitor = keeps(Visitor.comesTo(weir.address(ProxySetup.WEB)));
    Attacker attacker = new Attacker(weir.address(ProxySetup.WEB));
    InetAddress home = Attacker.address(0);
    List<Socket> held = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      held.add(attacker.hold(home));
    }
    weir.eventually("weir_connections", 101); // the visitor's, too
    weir.eventually("weir_connections_rejected_total", 1900, "per_ip");
    for (Socket socket : held) {
      socket.close();
    }
    weir.eventually("weir_connections", 1);
    for (int i = 0; i < 1000; i++) {
      attacker.asks(home, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1);
    }
    prints(
        "2,000 connections of one address held open, then 1,000 one after another",
        "100 open at most, then " + attacker.answers(200) + " answered",
        visitor,
        before);
    assertThat(attacker.answers(200)).isEqualTo(400); // 500 a year, and 100 were let in before
    assertThat(visitor.failures()).isZero();
  }

  @Test
  void listsAreReplacedUnderLoad() {
    ByteBackend site = site();
    WeirUnderTest weir = starts(listed(site, 0));
    long before = usedMegabytes();
    Visitor visitor = keeps(Visitor.comesTo(weir.address(ProxySetup.WEB)));
    Attacker attacker = new Attacker(weir.address(ProxySetup.WEB));
    int refused = 0;
    for (int version = 1; version <= 5; version++) {
      assertThat(weir.apply(listed(site, version).config())).isEmpty();
      attacker.asks(Attacker.address(0), "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1);
      assertThat(attacker.answers(403)).as("each new list holds at once").isEqualTo(++refused);
    }
    prints("5 lists of 100,000 prefixes put in place of each other", "nothing", visitor, before);
    assertThat(attacker.answers(200)).isZero();
    assertThat(visitor.failures()).isZero();
  }

  /** Each version blocks other strangers, and the attackers. */
  private static ProxySetup listed(ByteBackend site, int version) {
    List<Cidr> prefixes = new ArrayList<>(List.of(Cidr.parse("127.16.0.0/12")));
    for (int i = 0; i < 100_000; i++) {
      prefixes.add(new Cidr(ClientAddress.v4((10 << 24) + ((i * 5 + version) << 5)), 27));
    }
    RuleConfig blocked =
        new RuleConfig(
            "blocked",
            new MatchConfig.All(
                List.of(
                    new MatchConfig.Ip(prefixes, List.of()),
                    new MatchConfig.Path(List.of(StringPattern.ofPath("/*"))))),
            new ActionConfig.Deny(403));
    return proxy().app(site).rules(blocked);
  }

  private interface Step {
    void take(int n);
  }

  private static void onThreads(int threads, int steps, Step step) throws InterruptedException {
    List<Thread> all =
        IntStream.range(0, threads)
            .mapToObj(t ->
                Thread.ofPlatform()
                    .start(() -> {
                      for (int n = t; n < steps; n += threads) {
                        step.take(n);
                      }
                    }))
            .toList();
    for (Thread thread : all) {
      thread.join();
    }
  }
}
