package io.weir.daemon;

import io.weir.core.config.HostPort;
import io.weir.daemon.cli.AdminAddress;
import io.weir.daemon.cli.AdminClient;
import io.weir.daemon.cli.AdminOption;
import io.weir.daemon.cli.ConfigOption;
import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.config.AdminConfig;
import io.weir.daemon.config.AdminLookup;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.problem.Problem;
import io.weir.daemon.problem.ProblemPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a command that speaks to a running daemon, and the way to it. */
final class RunningDaemon {
  @Mixin private final AdminOption admin = new AdminOption();

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "The configuration whose admin: says where the running Weir listens for commands;"
              + " which file that Weir serves is not changed by it. Without it"
              + " /etc/weir/weir.yaml, then ./weir.yaml.")
  private @Nullable Path file;

  /** What is asked of it. */
  interface Request {
    AdminClient.Answer send(AdminClient client) throws IOException;
  }

  /** The configuration that was named, if one was. */
  @Nullable Path namedFile() {
    return file;
  }

  /**
   * The answer.
   *
   * @throws NoAnswer if there is none, or it is not known whom to ask
   */
  AdminClient.Answer ask(Request request) throws NoAnswer {
    AdminAddress address = address();
    try {
      return request.send(new AdminClient(address));
    } catch (IOException e) {
      throw new NoAnswer(
          "no Weir answers at " + address + ": " + e.getMessage(), ExitCode.NO_ADMIN);
    }
  }

  private AdminAddress address() throws NoAnswer {
    AdminAddress named = admin.address();
    return named == null ? address(configured()) : named;
  }

  /**
   * A broken file must not keep its owner from asking the daemon that runs; but who is asked is
   * never guessed, since it may be the Weir of somebody else.
   */
  private AdminConfig configured() throws NoAnswer {
    Path found = file == null ? ConfigOption.usual() : file;
    if (found == null) {
      return AdminConfig.DEFAULTS;
    }
    return switch (ConfigSource.loader(System::getenv).admin(found)) {
      case AdminLookup.Known(AdminConfig known) -> known;
      case AdminLookup.Unknown(List<Problem> problems) -> {
        System.err.print(new ProblemPrinter(false).print(problems));
        throw new NoAnswer(
            found
                + " does not say where the running Weir listens for commands"
                + " (--admin ADDRESS says it, like --admin "
                + AdminConfig.DEFAULTS.bind()
                + ")",
            ExitCode.INVALID);
      }
    };
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
