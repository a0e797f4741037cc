package io.weir.daemon.config;

import io.weir.core.config.HstsConfig;
import io.weir.core.config.ListenerTlsConfig;
import io.weir.core.config.ListenerTlsConfig.ClientAuth;
import io.weir.core.config.ListenerTlsConfig.MinVersion;
import io.weir.core.config.ListenerTlsConfig.UnknownName;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.FileText;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code tls:} of a listener. */
final class ListenerTlsSection {
  private static final Keys KEYS =
      Keys.of("certificates", "unknown_name", "policy", "min_version", "client_auth", "hsts", "ja4")
          .elsewhere(
              List.of("cert_file", "key_file"),
              "it belongs to a name under the top-level certificates:, and the name here");
  private static final Keys HSTS = Keys.of("max_age", "include_subdomains", "preload");
  private static final Keys CLIENT_AUTH = Keys.of("ca_file", "mode");

  private ListenerTlsSection() {}

  static @Nullable ListenerTlsConfig read(Node node) {
    Fields tls = node.fields(KEYS);
    Node names = tls.require("certificates", "names under the top-level certificates:");
    if (names == null) {
      return null;
    }
    List<String> certificates = new ArrayList<>();
    for (Node name : names.list()) {
      certificates.add(name.text(""));
    }
    ClientAuth clientAuth = clientAuth(tls.get("client_auth"));
    HstsConfig hsts = hsts(tls.get("hsts"));
    MinVersion minVersion = minVersion(tls);
    return tls.build(
        () ->
            new ListenerTlsConfig(
                certificates,
                tls.word("unknown_name", UnknownName.class, UnknownName.DEFAULT),
                minVersion,
                clientAuth,
                hsts,
                tls.bool("ja4", false)),
        null);
  }

  /** The policies have the same suites and groups; what they differ in is the version. */
  private static MinVersion minVersion(Fields tls) {
    Policy policy = tls.word("policy", Policy.class, Policy.INTERMEDIATE);
    Node node = tls.get("min_version");
    if (node == null) {
      return policy == Policy.MODERN ? MinVersion.TLS_1_3 : MinVersion.TLS_1_2;
    }
    if (node.is("1.3")) {
      return MinVersion.TLS_1_3;
    }
    if (!node.is("1.2")) {
      node.wrong("1.2 | 1.3");
    } else if (policy == Policy.MODERN) {
      node.error("min_version: 1.2 beside policy: modern (expected: 1.3, or no min_version)", null);
    }
    return MinVersion.TLS_1_2;
  }

  /** What Mozilla's recommendations for servers call them. */
  private enum Policy {
    MODERN,
    INTERMEDIATE
  }

  private static @Nullable HstsConfig hsts(@Nullable Node node) {
    if (node == null) {
      return null;
    }
    HstsConfig usual = HstsConfig.DEFAULTS;
    if (!node.isMap()) {
      if (!node.is("true") && !node.is("false")) {
        node.wrong("true, false or a map with " + String.join(", ", HSTS.known()));
      }
      return node.is("true") ? usual : null;
    }
    Fields hsts = node.fields(HSTS);
    return hsts.build(
        () ->
            new HstsConfig(
                hsts.duration("max_age", usual.maxAge()),
                hsts.bool("include_subdomains", usual.subdomains()),
                hsts.bool("preload", usual.preload())),
        usual);
  }

  private static @Nullable ClientAuth clientAuth(@Nullable Node node) {
    if (node == null) {
      return null;
    }
    Fields auth = node.fields(CLIENT_AUTH);
    Node authorities = auth.require("ca_file", "a PEM file with the authorities of the clients");
    Node mode = auth.get("mode");
    if (mode != null && !mode.is("optional") && !mode.is("require")) {
      mode.wrong("optional | require");
    }
    String pem = authorities == null ? "" : FileText.text(authorities, CertificatesSection.MAX_PEM);
    return new ClientAuth(pem, mode == null || mode.is("require"));
  }
}
