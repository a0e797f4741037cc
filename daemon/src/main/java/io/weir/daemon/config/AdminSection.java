package io.weir.daemon.config;

import io.weir.core.config.HostPort;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads {@code admin:}. */
final class AdminSection {
  private static final Keys KEYS = Keys.of("bind", "socket");

  private AdminSection() {}

  static AdminConfig read(@Nullable Node node) {
    AdminConfig usual = AdminConfig.DEFAULTS;
    if (node == null) {
      return usual;
    }
    Fields admin = node.fields(KEYS);
    Node socketNode = admin.get("socket");
    Path socket = socketNode == null ? null : socketNode.file();
    return admin.build(
        () -> {
          Node bind = admin.get("bind");
          return new AdminConfig(
              bind == null
                  ? usual.bind()
                  : bind.parsed(HostPort::parse, "127.0.0.1:9717", usual.bind()),
              socket);
        },
        usual);
  }
}
