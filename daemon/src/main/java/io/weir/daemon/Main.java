package io.weir.daemon;

import io.weir.daemon.cli.BuildInfo;
import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.cli.WrongUsage;
import io.weir.daemon.service.CannotStart;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command {@code weir}. */
@Command(
    name = "weir",
    subcommands = {
      RunCommand.class,
      CheckCommand.class,
      ReloadCommand.class,
      StatusCommand.class,
      BanCommand.class,
      ExplainCommand.class,
      RulesCommand.class,
      ReplayCommand.class,
      DemoCommand.class,
      VersionCommand.class
    })
public final class Main implements Runnable {
  private static final String HELP =
      """
      Weir balances HTTP, HTTPS and TCP over backends, behind a firewall of its own.

      Usage: weir COMMAND [OPTIONS]

        run      serve, in the foreground
        check    say everything that is wrong with a configuration (also: validate, -t)
        reload   make the running Weir read its configuration again
        status   show what the running Weir is doing
        ban      ban addresses in the running Weir, let them in again, list them
        explain  say which way a request would go, rule by rule
        rules    show how often each rule acted, and when it last did
        replay   say what a configuration would have decided on an access log
        demo     try it: three backends, some rules and a dashboard on this machine
        version  show what this is

      Examples:
        weir demo
        weir check -c weir.yaml
        weir run -c weir.yaml

      weir COMMAND --help says more.\
      """;

  @Option(names = {"-h", "--help"})
  private boolean help; // as without any argument

  @Option(names = {"-v", "-V", "--version"})
  private boolean version;

  /** Ends the process with the code of the command. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    CommandHelp.addTo(line);
    line.setParameterExceptionHandler(Main::onWrongUsage);
    line.setExecutionExceptionHandler(Main::onFailure);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  @Override
  public void run() {
    System.out.println(version && !help ? VersionCommand.line(BuildInfo.read()) : HELP);
  }

  private static int onWrongUsage(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("weir: " + WrongUsage.inWords(wrong));
    err.println("`" + command.getCommandSpec().qualifiedName() + " --help` shows how");
    return ExitCode.USAGE;
  }

  private static int onFailure(Exception failure, CommandLine command, ParseResult arguments) {
    return switch (failure) {
      case CannotStart reason -> {
        command.getErr().println("weir: " + reason.getMessage());
        yield ExitCode.CANNOT_START;
      }
      case NoAnswer none -> {
        command.getErr().println("weir: " + none.getMessage());
        yield none.exitCode();
      }
      default -> {
        command.getErr().println("weir: this should not happen, please report it:");
        failure.printStackTrace(command.getErr());
        yield ExitCode.CANNOT_START;
      }
    };
  }
}
