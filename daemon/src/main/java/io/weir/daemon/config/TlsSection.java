package io.weir.daemon.config;

import io.weir.core.config.TlsConfig;
import io.weir.daemon.yaml.FileText;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.tls.TicketKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code tls:} of the top level and the file that it names. */
final class TlsSection {
  private static final Keys KEYS = Keys.of("ticket_keys_file");
  private static final int MAX_FILE = 64 << 10; // hundreds of keys; a few are of use

  private TlsSection() {}

  static TlsConfig read(@Nullable Node node) {
    return node == null
        ? TlsConfig.DEFAULTS
        : new TlsConfig(ticketKeys(node.fields(KEYS).get("ticket_keys_file")));
  }

  private static List<TicketKey> ticketKeys(@Nullable Node file) {
    byte[] content = file == null ? null : FileText.bytes(file, MAX_FILE);
    if (file == null || content == null) {
      return List.of();
    }
    try {
      return TicketKey.parse(content);
    } catch (IllegalArgumentException odd) {
      file.error(
          file.key() + ": " + file.inWords() + " has " + odd.getMessage(),
          "openssl rand 48 makes one");
      return List.of();
    }
  }
}
