package io.weir.daemon.config;

import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.FileText;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.tls.CertificatePem;
import io.weir.tls.UpstreamTlsConfig;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code tls:} of a pool. */
final class UpstreamTlsSection {
  private static final Keys KEYS =
      Keys.of("server_name", "ca_file", "cert_file", "key_file", "verify").later("min_version");

  private static final String NAME = "a host name, like web.internal";
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

  private UpstreamTlsSection() {}

  static @Nullable UpstreamTlsConfig read(Node node) {
    UpstreamTlsConfig usual = UpstreamTlsConfig.DEFAULT;
    if (node.isScalar()) {
      if (!node.is("true") && !node.is("false")) {
        node.wrong("true, false or a map with " + String.join(", ", KEYS.known()));
      }
      return node.is("true") ? usual : null;
    }
    Fields tls = node.fields(KEYS);
    Node serverName = tls.get("server_name");
    Node authorities = tls.get("ca_file");
    boolean verify = tls.bool("verify", true);
    if (!verify) {
      tls.map()
          .warning(
              "tls: verify: false accepts any certificate, so anyone between here and the backends",
              "ca_file: names the authority of a private certificate");
      if (authorities != null) {
        authorities.warning("ca_file changes nothing beside verify: false", null);
      }
    }
    return new UpstreamTlsConfig(
        serverName == null ? null : serverName.parsed(UpstreamTlsSection::name, NAME),
        authorities == null ? null : FileText.text(authorities, CertificatesSection.MAX_PEM),
        client(tls),
        verify,
        usual.alpn());
  }

  private static String name(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("\"" + text + "\" (expected: " + NAME + ")");
    }
    return text;
  }

  private static @Nullable CertificatePem client(Fields tls) {
    return tls.has("cert_file") || tls.has("key_file") ? CertificatesSection.pair(tls) : null;
  }
}
