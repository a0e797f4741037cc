package io.weir.daemon;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.daemon.cli.AdminClient;
import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.cli.FormatOption;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir status}: what the running daemon is doing, once. */
@Command(
    name = "status",
    description = "Shows what the running Weir is doing.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Mixin private final RunningDaemon daemon = new RunningDaemon();

  @Mixin private final FormatOption format = new FormatOption();

  @Option(names = "--json", description = "The same as --format json.")
  private boolean asJson;

  @Override
  public Integer call() throws IOException, NoAnswer {
    AdminClient.Answer status = daemon.ask(client -> client.get("/api/v1/status"));
    if (status.status() != 200) {
      System.err.println("weir: refused: " + status.text("detail"));
      return ExitCode.NO_ADMIN;
    }
    if (asJson || format.isJson()) {
      System.out.println(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(status.json()));
      return ExitCode.OK;
    }
    AdminClient.Answer stats = daemon.ask(client -> client.get("/api/v1/stats"));
    System.out.print(new StatusText(status.json(), stats.json()));
    return ExitCode.OK;
  }
}
