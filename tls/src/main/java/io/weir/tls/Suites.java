package io.weir.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import java.util.List;

/** What both sides negotiate: cipher suites, key exchange groups, ALPN. */
final class Suites {

  /**
   * Forward secret and authenticated (AEAD) only: the "intermediate" set that current browsers,
   * tools and proxies share. AES-128 first: it is the fastest where AES is in hardware. BoringSSL
   * orders TLS 1.3's three by itself.
   */
  static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /**
   * The hybrid first: clients that offer it are safe against recorded traffic being read by a later
   * quantum computer, and the others, which do not offer it, lose nothing.
   */
  private static final String[] SERVER_GROUPS = {
    "X25519MLKEM768", "X25519", "secp256r1", "secp384r1"
  };

  /**
   * Without the hybrid: as a client we would pay for its key pair and a kilobyte more on every new
   * connection, on a path that is ours, whether the backend knows it or not.
   */
  private static final String[] CLIENT_GROUPS = {"X25519", "secp256r1", "secp384r1"};

  private Suites() {}

  static String[] serverGroups() {
    return SERVER_GROUPS.clone();
  }

  static String[] clientGroups() {
    return CLIENT_GROUPS.clone();
  }

  static ApplicationProtocolConfig alpn(List<String> protocols) {
    if (protocols.isEmpty()) {
      return ApplicationProtocolConfig.DISABLED;
    }
    // With no protocol in common the connection goes on without: the only choice that both
    // providers
    // have. Backends may do so; clients are refused before, by what their ClientHello offers.
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        protocols);
  }
}
