package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tls.ServerTlsConfig.UnknownName;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakCheck.class)
class CertificateStoreTest {

  private final TestAuthority authority = TestAuthority.create("Root");
  private final TlsContextCache cache =
      new TlsContextCache(
          TlsProvider.BORINGSSL, TicketKeys.create(new SecureRandom(), Instant.now()));
  private CertificateStore store;

  @AfterEach
  void giveBack() {
    store.close();
    assertThat(cache.size()).isZero();
  }

  @Test
  void exactThenWildcardThenDefault() throws Exception {
    open(
        UnknownName.DEFAULT,
        "first",
        "default.example",
        "wild",
        "*.foobar.com",
        "shop",
        "shop.foobar.com");
    assertThat(found("shop.foobar.com")).isEqualTo("shop");
    assertThat(found("SHOP.FooBar.com.")).isEqualTo("shop");
    assertThat(found("www.foobar.com")).isEqualTo("wild");
    assertThat(found("foobar.com")).as("a wildcard is one label").isEqualTo("first");
    assertThat(found("a.b.foobar.com")).as("and one only").isEqualTo("first");
    assertThat(found(".foobar.com")).as("and not an empty one").isEqualTo("first");
    assertThat(found("unknown.example")).isEqualTo("first");
    assertThat(found(null)).isEqualTo("first");
    assertThat(found("")).isEqualTo("first");
  }

  @Test
  void refusesUnknownNamesAndNoNameWhenTold() throws Exception {
    open(UnknownName.REFUSE, "foobar", "www.foobar.com");
    assertThat(found("www.foobar.com")).isEqualTo("foobar");
    assertThat(store.find("other.foobar.com")).isNull();
    assertThat(store.find(null)).isNull();
    assertThat(store.decide(hello("other.foobar.com")))
        .isEqualTo(new ServerNameDecision.Refuse(TlsFailure.UNKNOWN_SNI));
  }

  @Test
  void ofTwoCertificatesForANameTheFirstAnswers() throws Exception {
    open(UnknownName.DEFAULT, "a", "a.foobar.com", "b1", "b.foobar.com", "b2", "b.foobar.com");
    assertThat(found("b.foobar.com")).isEqualTo("b1");
  }

  @Test
  void theDecisionIsTheSameObjectEachTime() throws Exception {
    open(UnknownName.DEFAULT, "a", "a.foobar.com");
    ServerNameDecision first = store.decide(hello("a.foobar.com"));
    assertThat(store.decide(hello("a.foobar.com"))).isSameAs(first);
  }

  /** RFC 7301 section 3.2. */
  @ParameterizedTest
  @CsvSource({
    "http/1.1, '', true",
    "http/1.1, h2, false",
    "http/1.1, spdy/3 http/1.1, true",
    "http/1.1, http/1.0, true",
    "http/1.1, spdy/3, false",
    "http/1.1, h2c imap, false",
    "http/1.1, acme-tls/1, false",
    "h2 http/1.1, h2, true",
    "h2 http/1.1, http/1.1, true",
    "h2 http/1.1, H2, false",
    "h2, h2, true",
    "h2, '', true",
    "h2, http/1.1, false",
    "h2, http/1.0, false",
    "'', '', true",
    "'', h2, true",
    "'', imap, true",
  })
  void aClientMustOfferAProtocolOfOursOrNone(String ours, String offered, boolean terminated)
      throws Exception {
    open(UnknownName.DEFAULT, words(ours), "a", "a.foobar.com");
    ServerNameDecision decision =
        store.decide(new ClientHello("a.foobar.com", words(offered), 0x0304, 200, null));
    assertThat(decision)
        .isEqualTo(
            terminated
                ? store.all().getFirst().decision()
                : new ServerNameDecision.Refuse(TlsFailure.ALPN));
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  private static ClientHello hello(String serverName) {
    return new ClientHello(serverName, List.of(), 0x0304, 200, null);
  }

  @Test
  void agreesWithTheNaiveReadingOfTheNames() throws Exception {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    String[] certificates = new String[24];
    for (int i = 0; i < certificates.length; i += 2) {
      certificates[i] = "c" + i;
      certificates[i + 1] = (random.nextBoolean() ? "*." : "") + name(random);
    }
    open(UnknownName.DEFAULT, certificates);
    for (int round = 0; round < 20_000; round++) {
      String asked = name(random);
      String inAnyCase = random.nextBoolean() ? asked : asked.toUpperCase(Locale.ROOT);
      assertThat(found(inAnyCase))
          .as("seed %d: %s among %s", seed, inAnyCase, List.of(certificates))
          .isEqualTo(naive(certificates, asked));
    }
  }

  private static String naive(String[] certificates, String asked) {
    for (int i = 0; i < certificates.length; i += 2) {
      if (certificates[i + 1].equals(asked)) {
        return certificates[i];
      }
    }
    for (int i = 0; i < certificates.length; i += 2) {
      if (certificates[i + 1].startsWith("*.")
          && asked.matches("[^.]+" + Pattern.quote(certificates[i + 1].substring(1)))) {
        return certificates[i];
      }
    }
    return certificates[0];
  }

  /** Few different ones, so that they meet. */
  private static String name(SplittableRandom random) {
    StringBuilder name = new StringBuilder();
    for (int labels = random.nextInt(1, 4); labels > 0; labels--) {
      name.append((char) ('a' + random.nextInt(3))).append('.');
    }
    return name.append("com").toString();
  }

  private String found(String serverName) {
    return store.find(serverName).name();
  }

  private void open(UnknownName unknownName, String... namesAndDnsNames) throws Exception {
    open(unknownName, List.of("http/1.1"), namesAndDnsNames);
  }

  private void open(UnknownName unknownName, List<String> alpn, String... namesAndDnsNames)
      throws Exception {
    Map<String, CertificatePem> certificates = new LinkedHashMap<>();
    for (int i = 0; i < namesAndDnsNames.length; i += 2) {
      certificates.put(namesAndDnsNames[i], authority.issue(namesAndDnsNames[i + 1]));
    }
    store =
        cache.server(
            new ServerTlsConfig(
                certificates, unknownName, TlsVersion.TLSv1_2, alpn, ClientAuthConfig.NONE),
            Instant.now());
  }
}
