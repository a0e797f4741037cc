package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.RequestTarget;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A request such as a browser sends to a shop. */
record SampleRequest(
    ClientAddress client,
    String method,
    String host,
    RequestTarget target,
    List<String> names,
    List<String> values)
    implements RequestView {

  private static final List<String> NAMES =
      List.of("host", "user-agent", "accept", "accept-language", "referer", "cookie");

  static SampleRequest[] some(int count, RandomGenerator random) {
    SampleRequest[] requests = new SampleRequest[count];
    for (int i = 0; i < count; i++) {
      requests[i] = of(random);
    }
    return requests;
  }

  private static SampleRequest of(RandomGenerator random) {
    ClientAddress client =
        random.nextInt(4) == 0
            ? ClientAddress.v6(0x20010db8_00000000L | random.nextInt(1 << 30), random.nextLong())
            : ClientAddress.v4((198 << 24) | (18 << 16) | random.nextInt(1 << 17));
    String method = random.nextInt(5) == 0 ? "POST" : "GET";
    String target =
        "/shop/item-%d/photos?size=%d".formatted(random.nextInt(10_000), random.nextInt(2_000));
    List<String> values =
        List.of(
            "shop.foobar.com",
            "Mozilla/5.0 (X11; Linux x86_64; rv:14%d.0) Gecko/20100101 Firefox/14%d.0"
                .formatted(random.nextInt(10), random.nextInt(10)),
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "en-US,en;q=0.5",
            "https://shop.foobar.com/shop/?page=" + random.nextInt(100),
            "session=%016x; theme=dark".formatted(random.nextLong()));
    RequestTarget read = (RequestTarget) RequestTarget.read(method, target, PathMode.COMPATIBLE);
    return new SampleRequest(client, method, values.getFirst(), read, NAMES, values);
  }

  @Override
  public int listener() {
    return 0;
  }

  @Override
  public @Nullable CharSequence header(String lowerName) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(lowerName)) {
        return values.get(i);
      }
    }
    return null;
  }

  @Override
  public boolean anyHeader(String lowerName, HeaderPredicate test) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(lowerName) && test.test(values.get(i))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void eachHeader(HeaderVisitor visitor) {
    for (int i = 0; i < names.size(); i++) {
      visitor.visit(names.get(i), values.get(i));
    }
  }

  @Override
  public String route() {
    return "shop";
  }

  @Override
  public String protocol() {
    return "http/1.1";
  }

  @Override
  public @Nullable String tlsVersion() {
    return null;
  }

  @Override
  public @Nullable String serverName() {
    return null;
  }

  @Override
  public @Nullable String clientSubject() {
    return null;
  }

  @Override
  public @Nullable String ja4() {
    return null;
  }

  @Override
  public long epochMillis() {
    return 0;
  }
}
