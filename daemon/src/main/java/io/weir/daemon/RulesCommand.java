package io.weir.daemon;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.daemon.cli.AdminClient;
import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.cli.FormatOption;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weir rules}: which rules act, how often, and when they last did. */
@Command(
    name = "rules",
    description =
        "Shows the rules of the running Weir, how often each acted, and when it last did.",
    mixinStandardHelpOptions = true)
final class RulesCommand implements Callable<Integer> {
  @Mixin private final RunningDaemon daemon = new RunningDaemon();

  @Mixin private final FormatOption format = new FormatOption();

  @Override
  public Integer call() throws IOException, NoAnswer {
    AdminClient.Answer answer = daemon.ask(client -> client.get("/api/v1/firewall/rules"));
    if (answer.status() != 200) {
      System.err.println("weir: refused: " + answer.text("detail"));
      return ExitCode.NO_ADMIN;
    }
    System.out.print(
        format.isJson()
            ? JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(answer.json()) + "\n"
            : RulesText.of(answer.json(), Instant.now()));
    return ExitCode.OK;
  }
}
