package io.weir.daemon;

import io.weir.core.config.HostPort;
import io.weir.daemon.cli.AdminAddress;
import io.weir.daemon.cli.AdminClient;
import io.weir.daemon.cli.AdminOption;
import io.weir.daemon.cli.ConfigOption;
import io.weir.daemon.config.AdminConfig;
import io.weir.daemon.config.Loading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** The options of a command that speaks to a running daemon, and the way to it. */
final class RunningDaemon {
  @Mixin private final AdminOption admin = new AdminOption();
  @Mixin private final ConfigOption config = new ConfigOption();

  /** What is asked of it. */
  interface Request {
    AdminClient.Answer send(AdminClient client) throws IOException;
  }

  /** The configuration that was named, if one was. */
  @Nullable Path namedFile() {
    return config.named();
  }

  /** The answer, or null after telling the user that there is none. */
  AdminClient.@Nullable Answer ask(Request request) {
    AdminAddress address = address();
    try {
      return request.send(new AdminClient(address));
    } catch (IOException e) {
      System.err.println("weir: no Weir answers at " + address + ": " + e.getMessage());
      return null;
    }
  }

  private AdminAddress address() {
    AdminAddress named = admin.address();
    return named == null ? address(configured()) : named;
  }

  /** A broken file must not keep its owner from asking the daemon that runs. */
  private AdminConfig configured() {
    Path file = config.find();
    return file != null && ConfigSource.file(file).load() instanceof Loading.Loaded loaded
        ? loaded.config().admin()
        : AdminConfig.DEFAULTS;
  }

  private static AdminAddress address(AdminConfig admin) {
    Path socket = admin.socket();
    if (socket != null && Files.isWritable(socket)) {
      return new AdminAddress.Unix(socket);
    }
    HostPort bind = admin.bind();
    return new AdminAddress.Tcp(bind.host(), bind.port());
  }
}
