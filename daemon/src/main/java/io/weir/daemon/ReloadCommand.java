package io.weir.daemon;

import io.weir.daemon.cli.AdminClient;
import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.config.ConfigSource;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weir reload}: waits until the new configuration serves, or says why the old one does. */
@Command(
    name = "reload",
    description =
        "Makes the running Weir read the configuration again that it was started with; -c only"
            + " says where that Weir is.",
    mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
  @Mixin private final RunningDaemon daemon = new RunningDaemon();

  @Override
  public Integer call() throws NoAnswer {
    AdminClient.Answer answer = daemon.ask(client -> client.post("/api/v1/reload"));
    return switch (answer.text("result")) {
      case "ok" -> {
        System.out.println(
            "reloaded %s %s, generation %s"
                .formatted(answer.text("file"), answer.text("hash"), answer.text("generation")));
        if (answer.json().get("notes") instanceof List<?> notes) {
          notes.forEach(note -> System.out.println("note: " + note));
        }
        Path named = daemon.namedFile();
        if (named != null && !ConfigSource.file(named).hash().equals(answer.text("hash"))) {
          System.out.println("note: " + named + " is another file, and does not serve");
        }
        yield ExitCode.OK;
      }
      case "invalid" -> {
        System.err.print(answer.text("report"));
        System.err.println("weir: the old configuration goes on serving");
        yield ExitCode.INVALID;
      }
      case "failed" -> {
        System.err.println("weir: the old configuration goes on serving: " + answer.text("detail"));
        yield ExitCode.CANNOT_START;
      }
      default -> {
        System.err.println("weir: refused: " + answer.text("detail"));
        yield ExitCode.NO_ADMIN;
      }
    };
  }
}
