package io.weir.core.exchange;

import io.weir.core.http.Fields;
import io.weir.core.http.RequestHead;
import io.weir.firewall.HeaderPredicate;
import io.weir.firewall.HeaderVisitor;
import io.weir.firewall.RequestView;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.path.RequestTarget;
import io.weir.tls.HandshakeInfo;
import org.jspecify.annotations.Nullable;

/** Shows one request at a time to the rules, without copying it. Reused; for one loop. */
final class RequestFacts implements RequestView {
  private @Nullable Exchange exchange;
  private @Nullable RequestTarget target;
  private String route = "";
  private int listener;

  void of(Exchange exchange, int listener, String route, RequestTarget target) {
    this.exchange = exchange;
    this.listener = listener;
    this.route = route;
    this.target = target;
  }

  void clear() {
    exchange = null;
    target = null;
  }

  private Exchange exchange() {
    Exchange current = exchange;
    if (current == null) {
      throw new IllegalStateException("no request");
    }
    return current;
  }

  private RequestHead head() {
    return exchange().head();
  }

  @Override
  public ClientAddress client() {
    return exchange().client();
  }

  @Override
  public int listener() {
    return listener;
  }

  @Override
  public String method() {
    return head().method();
  }

  @Override
  public String host() {
    return head().host();
  }

  @Override
  public RequestTarget target() {
    RequestTarget current = target;
    if (current == null) {
      throw new IllegalStateException("no request");
    }
    return current;
  }

  @Override
  public @Nullable CharSequence header(String lowerName) {
    return head().fields().first(lowerName);
  }

  @Override
  public boolean anyHeader(String lowerName, HeaderPredicate test) {
    Fields fields = head().fields();
    for (int i = 0; i < fields.count(); i++) {
      if (fields.isNamed(i, lowerName) && test.test(fields.value(i))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void eachHeader(HeaderVisitor visitor) {
    Fields fields = head().fields();
    for (int i = 0; i < fields.count(); i++) {
      visitor.visit(fields.nameText(i), fields.value(i));
    }
  }

  @Override
  public String route() {
    return route;
  }

  @Override
  public String protocol() {
    return switch (head().version()) {
      case HTTP_1_0 -> "http/1.0";
      case HTTP_1_1 -> "http/1.1";
      case HTTP_2 -> "h2";
    };
  }

  @Override
  public @Nullable String tlsVersion() {
    HandshakeInfo handshake = exchange().connection().handshake();
    if (handshake == null) {
      return null;
    }
    return handshake.version().equals("TLSv1.3") ? "1.3" : "1.2"; // older ones are not spoken
  }

  @Override
  public @Nullable String serverName() {
    HandshakeInfo handshake = exchange().connection().handshake();
    return handshake == null ? null : handshake.serverName();
  }

  @Override
  public @Nullable String clientSubject() {
    HandshakeInfo handshake = exchange().connection().handshake();
    return handshake == null ? null : handshake.clientSubject();
  }

  @Override
  public @Nullable String ja4() {
    return exchange().connection().ja4();
  }

  @Override
  public long epochMillis() {
    return exchange().worker().clock().epochMillis();
  }
}
