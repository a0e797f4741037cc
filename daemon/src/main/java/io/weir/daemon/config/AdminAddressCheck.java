package io.weir.daemon.config;

import io.weir.core.config.BoundOnce;
import io.weir.core.config.ConfigError;
import io.weir.core.config.Findings;
import io.weir.daemon.yaml.SourceMap;
import java.util.List;

/** Finds listeners that bind the address of the admin endpoint. */
final class AdminAddressCheck {
  private static final String PATH = "admin.bind";

  private AdminAddressCheck() {}

  static Findings check(WeirConfig config, SourceMap sources) {
    ConfigError clash =
        BoundOnce.check(
            config.proxy().listeners(), config.admin().bind(), "the admin endpoint", PATH);
    if (clash == null) {
      return Findings.NONE;
    }
    return new Findings(
        List.of(sources.says(PATH) ? clash : atListener(clash, config.admin())), List.of());
  }

  /** Where the file says nothing of the admin endpoint, all that can be shown is the listener. */
  private static ConfigError atListener(ConfigError clash, AdminConfig admin) {
    return new ConfigError(
        String.valueOf(clash.other()),
        "bind: the admin endpoint binds \"" + admin.bind() + "\", where nothing else is said",
        "admin: { bind: \"127.0.0.1:9718\" } moves it");
  }
}
