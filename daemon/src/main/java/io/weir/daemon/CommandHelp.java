package io.weir.daemon;

import io.weir.daemon.cli.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What the help of each command says behind its options: examples, and how it may end. */
final class CommandHelp {
  private static final Map<Integer, String> CODES =
      Map.of(
          ExitCode.OK, "All is well.",
          ExitCode.INVALID, "The configuration is not valid, or not there.",
          ExitCode.USAGE, "The command line is not.",
          ExitCode.CANNOT_START, "An address, a permission or a file is missing.",
          ExitCode.NO_ADMIN, "No Weir answers at the admin address, or it refused.");

  private static final String SIGNALS =
      """
      Signals:
        HUP        read the configuration again; one that is not valid changes nothing
        USR1       open the log files anew
        TERM, INT  stop: accept nothing more, let exchanges end for timeouts.drain
        a second TERM or INT
                   stop at once; the process ends with 143 or 130
      """;

  /** Of one command: what may be typed, and with what it may end. */
  private record Help(List<String> examples, List<Integer> codes, String more) {
    Help(List<String> examples, Integer... codes) {
      this(examples, List.of(codes), "");
    }
  }

  private static final Map<String, Help> HELP =
      Map.ofEntries(
          Map.entry(
              "weir run",
              new Help(
                  List.of("weir run -c weir.yaml", "JAVA_OPTS=-Xmx2g weir run"),
                  List.of(ExitCode.OK, ExitCode.INVALID, ExitCode.USAGE, ExitCode.CANNOT_START),
                  SIGNALS)),
          Map.entry(
              "weir check",
              new Help(
                  List.of(
                      "weir check -c weir.yaml",
                      "weir check --strict --format json -c weir.yaml",
                      "weir check --quiet && systemctl reload weir"),
                  ExitCode.OK,
                  ExitCode.INVALID,
                  ExitCode.USAGE)),
          Map.entry(
              "weir reload",
              new Help(
                  List.of("weir reload", "weir reload --admin 127.0.0.1:9717"),
                  ExitCode.OK,
                  ExitCode.INVALID,
                  ExitCode.USAGE,
                  ExitCode.CANNOT_START,
                  ExitCode.NO_ADMIN)),
          Map.entry("weir status", running("weir status", "weir status --format json")),
          Map.entry(
              "weir ban",
              running("weir ban add 192.0.2.7", "weir ban list", "weir ban remove 192.0.2.7")),
          Map.entry(
              "weir ban add",
              running(
                  "weir ban add 192.0.2.7 --for 1h --reason scanner",
                  "weir ban add 2001:db8::/32 --for 7d")),
          Map.entry("weir ban remove", running("weir ban remove 192.0.2.7")),
          Map.entry("weir ban list", running("weir ban list", "weir ban list --format json")),
          Map.entry(
              "weir explain",
              new Help(
                  List.of(
                      "weir explain --url https://www.foobar.com/admin --ip 192.0.2.7",
                      "weir explain --request-id 01JD3K9T2Q",
                      "weir explain -c weir.yaml --url http://a.test/ --ip 192.0.2.7 --method"
                          + " POST"),
                  ExitCode.OK,
                  ExitCode.INVALID,
                  ExitCode.USAGE,
                  ExitCode.NO_ADMIN)),
          Map.entry("weir rules", running("weir rules", "weir rules --format json")),
          Map.entry(
              "weir replay",
              new Help(
                  List.of("weir replay -c weir.yaml /var/log/weir/access.log"),
                  ExitCode.OK,
                  ExitCode.INVALID,
                  ExitCode.USAGE,
                  ExitCode.CANNOT_START)),
          Map.entry(
              "weir demo",
              new Help(List.of("weir demo"), ExitCode.OK, ExitCode.USAGE, ExitCode.CANNOT_START)),
          Map.entry(
              "weir version",
              new Help(
                  List.of("weir version", "weir version --verbose"), ExitCode.OK, ExitCode.USAGE)));

  private CommandHelp() {}

  /** Of a command that speaks to the running Weir, whose address a configuration may say. */
  private static Help running(String... examples) {
    return new Help(
        List.of(examples), ExitCode.OK, ExitCode.INVALID, ExitCode.USAGE, ExitCode.NO_ADMIN);
  }

  /** Completes the help of all commands below this one. */
  static void addTo(CommandLine line) {
    for (CommandLine command : line.getSubcommands().values()) {
      Help help = HELP.get(command.getCommandSpec().qualifiedName());
      if (help != null) {
        add(help, command.getCommandSpec().usageMessage());
      }
      addTo(command);
    }
  }

  private static void add(Help help, UsageMessageSpec usage) {
    SequencedMap<String, String> codes = new LinkedHashMap<>();
    help.codes().forEach(code -> codes.put(code.toString(), CODES.get(code)));
    usage.exitCodeListHeading("%nEnds with:%n").exitCodeList(codes);
    StringBuilder footer = new StringBuilder("\nExamples:\n");
    help.examples().forEach(example -> footer.append("  ").append(example).append('\n'));
    if (!help.more().isEmpty()) {
      footer.append('\n').append(help.more());
    }
    usage.footer(footer.toString().split("\n", -1));
  }
}
