package io.weir.daemon.replay;

import io.weir.firewall.HeaderPredicate;
import io.weir.firewall.HeaderVisitor;
import io.weir.firewall.RequestView;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.path.RequestTarget;
import org.jspecify.annotations.Nullable;

/** Shows a logged request to the rules, as far as the log holds it. */
record LoggedFacts(LoggedRequest request, RequestTarget target, int listener, long epochMillis)
    implements RequestView {
  @Override
  public ClientAddress client() {
    return request.client();
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String host() {
    return request.host();
  }

  @Override
  public @Nullable CharSequence header(String lowerName) {
    return switch (lowerName) {
      case "user-agent" -> request.userAgent();
      case "referer" -> request.referer();
      default -> null;
    };
  }

  @Override
  public boolean anyHeader(String lowerName, HeaderPredicate test) {
    CharSequence value = header(lowerName);
    return value != null && test.test(value);
  }

  @Override
  public void eachHeader(HeaderVisitor visitor) {
    if (request.userAgent() != null) {
      visitor.visit("user-agent", request.userAgent());
    }
    if (request.referer() != null) {
      visitor.visit("referer", request.referer());
    }
  }

  @Override
  public String route() {
    return request.route() == null ? "" : request.route();
  }

  @Override
  public String protocol() {
    return request.protocol();
  }

  @Override
  public @Nullable String tlsVersion() {
    return request.tlsVersion();
  }

  @Override
  public @Nullable String serverName() {
    return request.serverName();
  }

  @Override
  public @Nullable String clientSubject() {
    return null;
  }

  @Override
  public @Nullable String ja4() {
    return request.ja4();
  }
}
