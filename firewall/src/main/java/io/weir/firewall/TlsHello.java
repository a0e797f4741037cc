package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.path.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * What rules may ask of a connection whose TLS is passed on: its ClientHello, and no request. Rules
 * that ask for more do not apply to it.
 *
 * @param listener its place in the names that the firewall was compiled with, from 0
 * @param serverName in lower case; null if there is none
 * @param ja4 the client's fingerprint; null where {@link Firewall#readsJa4OfHellos} says that
 *     nobody asks
 */
public record TlsHello(
    ClientAddress client,
    int listener,
    @Nullable String serverName,
    @Nullable String ja4,
    long epochMillis)
    implements RequestView {

  private static IllegalStateException noRequest() {
    return new IllegalStateException("a rule of hellos asks for a request");
  }

  @Override
  public String method() {
    throw noRequest();
  }

  @Override
  public String host() {
    throw noRequest();
  }

  @Override
  public RequestTarget target() {
    throw noRequest();
  }

  @Override
  public @Nullable CharSequence header(String lowerName) {
    throw noRequest();
  }

  @Override
  public boolean anyHeader(String lowerName, HeaderPredicate test) {
    throw noRequest();
  }

  @Override
  public void eachHeader(HeaderVisitor visitor) {
    throw noRequest();
  }

  @Override
  public String route() {
    throw noRequest();
  }

  @Override
  public String protocol() {
    throw noRequest();
  }

  @Override
  public @Nullable String tlsVersion() {
    throw noRequest(); // what is offered is known, what is agreed on is not
  }

  @Override
  public @Nullable String clientSubject() {
    throw noRequest();
  }
}
