package io.weir.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.weir.core.route.PathPattern.Below;
import io.weir.core.route.PathPattern.Exact;
import io.weir.core.route.PathPattern.Prefix;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
  private final Router.Builder<String> routes = Router.builder();

  @Test
  void withoutRoutesEveryRequestGoesToTheFallback() {
    Router<String> router = routes.build("none");
    assertThat(router.find("foobar.com", "/")).isEqualTo("none");
    assertThat(router.find("", "")).isEqualTo("none");
  }

  @Test
  void theFirstRouteOfTheFileWinsWhateverIsMoreSpecific() {
    Router<String> router =
        routes
            .route(List.of("www.foobar.com"), List.of(new Prefix("/api")), "exact host")
            .route(List.of(), List.of(new Prefix("/api/v1")), "any host")
            .route(List.of("www.foobar.com"), List.of(new Exact("/api/v1/users")), "never here")
            .route(List.of("*.foobar.com"), List.of(), "below")
            .route(List.of("shop.foobar.com"), List.of(new Exact("/cart")), "too late")
            .build("none");

    assertThat(router.find("www.foobar.com", "/api/v1/users")).isEqualTo("exact host");
    assertThat(router.find("shop.foobar.com", "/api/v1/users")).isEqualTo("any host");
    assertThat(router.find("shop.foobar.com", "/cart")).isEqualTo("below");
    assertThat(router.find("www.foobar.com", "/else")).isEqualTo("below");
    assertThat(router.find("foobar.com", "/else")).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource({
    "a.foobar.com, below foobar",
    "a.b.foobar.com, below foobar",
    "x.cdn.foobar.com, below cdn",
    "x.y.cdn.foobar.com, below cdn",
    "cdn.foobar.com, below foobar",
    "foobar.com, none",
    ".foobar.com, none",
    "xfoobar.com, none",
    "a.foobar.com.evil.org, none",
    "com, none",
    "'', none",
    "., none",
    "..., none",
  })
  void aWildcardIsForNamesBelowAndNotForTheNameItself(String host, String expected) {
    Router<String> router =
        routes
            .route(List.of("*.cdn.foobar.com"), List.of(), "below cdn")
            .route(List.of("*.foobar.com"), List.of(), "below foobar")
            .build("none");
    assertThat(router.find(host, "/")).isEqualTo(expected);
  }

  @Test
  void aHostFallsBackToWiderPatternsForPathsThatItsOwnDoNotHave() {
    Router<String> router =
        routes
            .route(List.of("a.b.foobar.com"), List.of(new Exact("/1")), "exact")
            .route(List.of("*.b.foobar.com"), List.of(new Exact("/2")), "narrow")
            .route(List.of("*.foobar.com"), List.of(new Exact("/3")), "wide")
            .route(List.of(), List.of(new Exact("/4")), "any")
            .build("none");
    assertThat(List.of("/1", "/2", "/3", "/4", "/5"))
        .extracting(path -> router.find("a.b.foobar.com", path))
        .containsExactly("exact", "narrow", "wide", "any", "none");
  }

  @ParameterizedTest
  @CsvSource({
    "/admin, below",
    "/admin/, below",
    "/admin/users, below",
    "/admin//, below",
    "/administrator, prefix",
    "/admin.php, prefix",
    "/adm, none",
    "/Admin, none",
    "/x/admin/, none",
    "'', none",
  })
  void aStarAfterASlashIsThePlaceAndAllBelowAndABareStarIsThePrefix(String path, String expected) {
    Router<String> router =
        routes
            .route(List.of(), List.of(new Below("/admin")), "below")
            .route(List.of(), List.of(new Prefix("/admin")), "prefix")
            .build("none");
    assertThat(router.find("h", path)).isEqualTo(expected);
  }

  @Test
  void belowTheRootIsEveryPathThatBeginsWithASlash() {
    Router<String> router = routes.route(List.of(), List.of(new Below("")), "all").build("none");
    assertThat(router.find("h", "/")).isEqualTo("all");
    assertThat(router.find("h", "/x/y")).isEqualTo("all");
    assertThat(router.find("h", "*")).isEqualTo("none");
  }

  @Test
  void hostsWhoseHashesCollideAreToldApart() {
    // From the right, 'c' * 31 + '1' is 'a' * 31 + 'o'.
    Router<String> router =
        routes
            .route(List.of("*.1c.com"), List.of(), "first")
            .route(List.of("*.oa.com"), List.of(), "second")
            .build("none");
    assertThat(router.find("x.1c.com", "/")).isEqualTo("first");
    assertThat(router.find("x.oa.com", "/")).isEqualTo("second");
    assertThat(router.find("x.oc.com", "/")).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "*.", "*foobar.com", "a.*.com", "WWW.foobar.com", "*.*.com"})
  void aHostPatternThatIsNeitherExactNorAWildcardIsRefused(String host) {
    assertThatThrownBy(() -> routes.route(List.of(host), List.of(), "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + host + "\" (expected: ");
  }

  @Test
  void tenThousandHostsShareOneTrieOfTheirCommonRoutes() {
    List<String> hosts = IntStream.range(0, 10_000).mapToObj(i -> "h" + i + ".foobar.com").toList();
    List<PathPattern> paths =
        IntStream.range(0, 1_000).<PathPattern>mapToObj(i -> new Exact("/p/" + i)).toList();
    long before = allocated();
    Router<String> router = routes.route(hosts, paths, "shared").build("none");
    long cost = allocated() - before;

    assertThat(cost).isLessThan(20_000_000); // ten million entries would be hundreds of megabytes
    assertThat(router.find("h9999.foobar.com", "/p/999")).isEqualTo("shared");
  }

  @Test
  void aLookupAllocatesNothing() {
    Router<String> router =
        routes
            .route(List.of("www.foobar.com"), List.of(new Below("/api")), "api")
            .route(List.of("*.foobar.com"), List.of(new Prefix("/static/")), "static")
            .route(List.of(), List.of(new Exact("/health")), "health")
            .build("none");
    String[] hosts = {"www.foobar.com", "a.b.c.foobar.com", "unknown.org", ""};
    String[] paths = {"/api/v1/users", "/static/app.js", "/health", "/" + "long/".repeat(500)};
    findAll(router, hosts, paths, 1_000);

    long before = allocated();
    int found = findAll(router, hosts, paths, 10_000);
    long cost = allocated() - before;

    assertThat(found).isPositive();
    assertThat(cost).isLessThan(10_000); // a byte per 16 lookups: the VM's own doings
  }

  private static int findAll(Router<String> router, String[] hosts, String[] paths, int times) {
    int sum = 0;
    for (int i = 0; i < times; i++) {
      for (String host : hosts) {
        for (String path : paths) {
          sum += router.find(host, path).length();
        }
      }
    }
    return sum;
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
