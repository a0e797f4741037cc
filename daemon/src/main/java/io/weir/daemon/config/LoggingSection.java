package io.weir.daemon.config;

import io.weir.daemon.config.LoggingConfig.Access;
import io.weir.daemon.config.LoggingConfig.Format;
import io.weir.daemon.config.LoggingConfig.Level;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads {@code logging:}. */
final class LoggingSection {
  private static final Keys KEYS = Keys.of("level", "access", "firewall");
  private static final Keys ACCESS = Keys.of("file", "format");
  private static final Keys FIREWALL = Keys.of("file");

  private LoggingSection() {}

  static LoggingConfig read(@Nullable Node node) {
    if (node == null) {
      return LoggingConfig.DEFAULTS;
    }
    Fields logging = node.fields(KEYS);
    Node access = logging.get("access");
    Node firewall = logging.get("firewall");
    return new LoggingConfig(
        logging.word("level", Level.class, Level.INFO),
        access == null ? null : access(access.fields(ACCESS)),
        firewall == null ? null : file(firewall.fields(FIREWALL)));
  }

  private static @Nullable Access access(Fields access) {
    Format format = format(access.get("format"));
    Path file = file(access);
    return file == null ? null : new Access(file, format);
  }

  private static @Nullable Path file(Fields log) {
    Node name = log.require("file", "the file to write");
    return name == null ? null : name.file();
  }

  private static Format format(@Nullable Node node) {
    if (node == null) {
      return Format.COMBINED;
    }
    if (node.isScalar() && node.inWords().contains("{")) {
      node.error("format: a template: not supported by this version", "combined or json");
      return Format.COMBINED;
    }
    return node.word(Format.class, Format.COMBINED);
  }
}
