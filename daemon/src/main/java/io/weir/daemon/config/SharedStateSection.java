package io.weir.daemon.config;

import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.FileText;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads {@code shared_state:} and the files that it names. */
final class SharedStateSection {
  private static final Keys KEYS =
      Keys.of("redis", "user", "password_file", "ca_file", "prefix")
          .later("password_env", "password_credential");
  private static final int MAX_PASSWORD = 4 << 10;

  private SharedStateSection() {}

  static @Nullable SharedStateConfig read(@Nullable Node node) {
    if (node == null) {
      return null;
    }
    Fields shared = node.fields(KEYS);
    Node server = shared.require("redis", "host:port");
    RedisAddress redis = server == null ? null : server.parsed(RedisAddress::parse, "host:port");
    if (redis == null) {
      return null;
    }
    String password = password(shared.get("password_file"));
    Node user = shared.get("user");
    if (user != null && !shared.has("password_file")) {
      user.error("user: " + user.inWords() + " has no password", "password_file: names its file");
    }
    Node authority = shared.get("ca_file");
    if (authority != null && !redis.tls()) {
      authority.error("ca_file: there is no TLS", "redis: rediss://" + redis.server());
    }
    String pem = authority == null ? null : FileText.text(authority, CertificatesSection.MAX_PEM);
    String userName = user == null ? null : user.parsed(Function.identity(), "a name");
    return shared.<@Nullable SharedStateConfig>build(
        () -> new SharedStateConfig(redis, userName, password, pem, shared.text("prefix", "weir")),
        null);
  }

  private static @Nullable String password(@Nullable Node file) {
    if (file == null) {
      return null;
    }
    String password = FileText.text(file, MAX_PASSWORD).strip();
    if (password.isEmpty()) {
      file.error("password_file: " + file.inWords() + " is empty", null);
    }
    return password;
  }
}
