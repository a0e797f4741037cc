package io.weir.core.exchange;

import io.weir.core.http.Fields;
import io.weir.core.http.RequestHead;
import io.weir.core.status.AskedRequest;
import io.weir.firewall.HeaderPredicate;
import io.weir.firewall.HeaderVisitor;
import io.weir.firewall.RequestView;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.path.RequestTarget;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Shows a request that somebody asks about to the rules, as if it had come. */
record AskedFacts(
    AskedRequest asked,
    RequestHead head,
    RequestTarget target,
    ClientAddress client,
    int listener,
    String route,
    long epochMillis)
    implements RequestView {

  /** The fields of which nobody knows what they are. */
  Set<String> unknown() {
    AskedRequest.Tls tls = asked.tls();
    return tls == null ? Set.of() : tls.unknown();
  }

  AskedFacts taking(String otherRoute) {
    return new AskedFacts(asked, head, target, client, listener, otherRoute, epochMillis);
  }

  @Override
  public String method() {
    return head.method();
  }

  @Override
  public String host() {
    return head.host();
  }

  @Override
  public @Nullable CharSequence header(String lowerName) {
    return head.fields().first(lowerName);
  }

  @Override
  public boolean anyHeader(String lowerName, HeaderPredicate test) {
    Fields fields = head.fields();
    for (int i = 0; i < fields.count(); i++) {
      if (fields.isNamed(i, lowerName) && test.test(fields.value(i))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void eachHeader(HeaderVisitor visitor) {
    Fields fields = head.fields();
    for (int i = 0; i < fields.count(); i++) {

      visitor.visit(fields.nameText(i), fields.value(i));
    }
  }

  @Override
  public String protocol() {
    return asked.protocol();
  }

  @Override
  public @Nullable String tlsVersion() {
    AskedRequest.Tls tls = asked.tls();
    return tls == null ? null : tls.version();
  }

  @Override
  public @Nullable String serverName() {
    AskedRequest.Tls tls = asked.tls();
    return tls == null ? null : tls.serverName();
  }

  @Override
  public @Nullable String clientSubject() {
    AskedRequest.Tls tls = asked.tls();
    return tls == null ? null : tls.clientSubject();
  }

  @Override
  public @Nullable String ja4() {
    AskedRequest.Tls tls = asked.tls();
    return tls == null ? null : tls.ja4();
  }
}
