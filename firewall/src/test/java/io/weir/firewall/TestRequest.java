package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.RequestTarget;
import java.util.List;

/** A request out of a few values. */
record TestRequest(
    ClientAddress client,
    int listener,
    String method,
    String host,
    RequestTarget target,
    List<String[]> headers,
    String route,
    Tls tls,
    String protocol,
    long epochMillis)
    implements RequestView {

  /** What TLS tells; each may be null. */
  record Tls(String version, String serverName, String subject, String ja4) {
    static final Tls NONE = new Tls(null, null, null, null);
  }

  TestRequest(
      ClientAddress client,
      int listener,
      String method,
      String host,
      RequestTarget target,
      List<String[]> headers,
      String route) {
    this(client, listener, method, host, target, headers, route, Tls.NONE, "http/1.1", 0);
  }

  TestRequest at(long millis) {
    return new TestRequest(
        client, listener, method, host, target, headers, route, tls, protocol, millis);
  }

  TestRequest withoutJa4() {
    return over(new Tls(tls.version, tls.serverName, tls.subject, null), protocol);
  }

  TestRequest over(Tls of, String version) {
    return new TestRequest(
        client, listener, method, host, target, headers, route, of, version, epochMillis);
  }

  TestRequest through(String name) {
    return new TestRequest(
        client, listener, method, host, target, headers, name, tls, protocol, epochMillis);
  }

  static TestRequest get(String client, String target) {
    return of(client, "GET", "foobar.com", target, List.of());
  }

  static TestRequest of(
      String client, String method, String host, String target, List<String[]> headers) {
    RequestTarget read = (RequestTarget) RequestTarget.read(method, target, PathMode.COMPATIBLE);
    return new TestRequest(
        ClientAddress.parse(client), 0, method, host, read, headers, "some-route");
  }

  TestRequest with(String name, String value) {
    List<String[]> more = new java.util.ArrayList<>(headers);
    more.add(new String[] {name, value});
    return new TestRequest(
        client, listener, method, host, target, more, route, tls, protocol, epochMillis);
  }

  TestRequest onListener(int index) {
    return new TestRequest(
        client, index, method, host, target, headers, route, tls, protocol, epochMillis);
  }

  @Override
  public String tlsVersion() {
    return tls.version();
  }

  @Override
  public String serverName() {
    return tls.serverName();
  }

  @Override
  public String clientSubject() {
    return tls.subject();
  }

  @Override
  public String ja4() {
    return tls.ja4();
  }

  @Override
  public CharSequence header(String lowerName) {
    for (int i = 0; i < headers.size(); i++) { // no iterator: a test counts bytes
      String[] line = headers.get(i);
      if (line[0].equalsIgnoreCase(lowerName)) {
        return line[1];
      }
    }
    return null;
  }

  @Override
  public boolean anyHeader(String lowerName, HeaderPredicate test) {
    for (int i = 0; i < headers.size(); i++) { // no iterator: a test counts bytes
      String[] line = headers.get(i);
      if (line[0].equalsIgnoreCase(lowerName) && test.test(line[1])) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void eachHeader(HeaderVisitor visitor) {
    for (int i = 0; i < headers.size(); i++) { // no iterator: a test counts bytes
      String[] line = headers.get(i);
      visitor.visit(line[0], line[1]);
    }
  }

  @Override
  public String toString() {
    return client
        + " "
        + method
        + " "
        + host
        + " "
        + target.forwarded()
        + " "
        + headers.stream().map(line -> line[0] + ": " + line[1]).toList();
  }
}
