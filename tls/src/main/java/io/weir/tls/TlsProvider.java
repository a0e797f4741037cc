package io.weir.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import org.jspecify.annotations.Nullable;

/** Who does the cryptography of TLS. */
public enum TlsProvider {
  /** BoringSSL, through netty-tcnative: what Weir is built for. */
  BORINGSSL("BoringSSL", SslProvider.OPENSSL_REFCNT),
  /** The JDK's own: slower; its session tickets end with the context that wrote them. */
  JDK("JDK", SslProvider.JDK);

  private final String label;
  private final SslProvider netty;

  TlsProvider(String label, SslProvider netty) {
    this.label = label;
    this.netty = netty;
  }

  /**
   * What {@link #detect} found.
   *
   * @param version for the start-up line, for example {@code BoringSSL (netty-tcnative
   *     2.0.84.Final)}
   * @param reason why it is this one
   */
  public record Detected(TlsProvider provider, String version, String reason) {}

  /** BoringSSL if its library loads, else the JDK with the reason, which start-up must print. */
  public static Detected detect() {
    if (OpenSsl.isAvailable()) {
      return new Detected(BORINGSSL, BORINGSSL.version(), "its native library is loaded");
    }
    return new Detected(JDK, JDK.version(), "BoringSSL is not available: " + rootCause());
  }

  /** The metric label: {@code BoringSSL} or {@code JDK}. */
  public String label() {
    return label;
  }

  SslProvider netty() {
    return netty;
  }

  private String version() {
    if (this == JDK) {
      return "JDK " + Runtime.version();
    }
    @Nullable String tcnative = SSL.class.getPackage().getImplementationVersion();
    return OpenSsl.versionString() + (tcnative == null ? "" : " (netty-tcnative " + tcnative + ")");
  }

  private static String rootCause() {
    Throwable cause = OpenSsl.unavailabilityCause();
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
