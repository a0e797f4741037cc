package io.weir.daemon.config;

import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.FileText;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.tls.CertificatePem;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code certificates:} and the files that it names. */
final class CertificatesSection {
  static final int MAX_PEM = 4 << 20; // a bundle of all public authorities is about 250 KiB

  private static final Keys KEYS =
      Keys.of("cert_file", "key_file").later("key_env", "key_credential", "acme");

  private CertificatesSection() {}

  static Map<String, CertificatePem> read(@Nullable Node node) {
    Map<String, CertificatePem> certificates = new LinkedHashMap<>();
    if (node != null) {
      node.named()
          .forEach((name, certificate) -> certificates.put(name, pair(certificate.fields(KEYS))));
    }
    return certificates;
  }

  /** The two files of a certificate, here and wherever else a certificate is named by its files. */
  static CertificatePem pair(Fields fields) {
    return new CertificatePem(
        content(fields, "cert_file", "a PEM file, the server's certificate first"),
        content(fields, "key_file", "a PEM file with the private key"));
  }

  private static String content(Fields fields, String key, String expected) {
    Node file = fields.require(key, expected);
    return file == null ? "" : FileText.text(file, MAX_PEM);
  }
}
