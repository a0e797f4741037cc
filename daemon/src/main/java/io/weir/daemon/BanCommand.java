package io.weir.daemon;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.daemon.cli.AdminClient;
import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.cli.FormatOption;
import io.weir.daemon.cli.Table;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir ban}: who is refused until a time, changed and shown. */
@Command(
    name = "ban",
    description = "Bans addresses in the running Weir, lets them in again, and lists them.",
    subcommands = {BanCommand.Add.class, BanCommand.Remove.class, BanCommand.Show.class},
    mixinStandardHelpOptions = true)
final class BanCommand implements Runnable {
  private static final String PATH = "/api/v1/bans";

  @Spec private @Nullable CommandSpec command;

  @Override
  public void run() {
    if (command != null) {
      throw new ParameterException(command.commandLine(), "what of it: add, remove or list?");
    }
  }

  private static String query(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static int refused(AdminClient.Answer answer) {
    System.err.println("weir: refused: " + answer.text("detail"));
    return ExitCode.NO_ADMIN;
  }

  /** {@code weir ban add}. */
  @Command(
      name = "add",
      description = "Bans an address or a prefix; of IPv6 at least a /64.",
      mixinStandardHelpOptions = true)
  static final class Add implements Callable<Integer> {
    @Mixin private final RunningDaemon daemon = new RunningDaemon();

    @Parameters(paramLabel = "IP", description = "Such as 192.0.2.7 or 192.0.2.0/24.")
    private String ip = "";

    @Option(
        names = "--for",
        paramLabel = "TIME",
        description = "How long, such as 30m or 7d; ${DEFAULT-VALUE} unless given.")
    private String time = "1h";

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        description = "Why, for those who read the list.")
    private @Nullable String reason;

    @Option(
        names = "--force",
        description = "Also a prefix shorter than a /8, or of IPv6 than a /16.")
    private boolean force;

    @Override
    public Integer call() throws NoAnswer {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("ip", ip);
      members.put("for", time);
      if (reason != null) {
        members.put("reason", reason);
      }
      if (force) {
        members.put("force", true);
      }
      AdminClient.Answer answer = daemon.ask(client -> client.post(PATH, members));
      if (answer.status() / 100 != 2) {
        return refused(answer);
      }
      System.out.println(answer.text("ip") + " is banned until " + answer.text("until"));
      return ExitCode.OK;
    }
  }

  /** {@code weir ban remove}. */
  @Command(
      name = "remove",
      description = "Lets an address or a prefix in again that is banned by itself.",
      mixinStandardHelpOptions = true)
  static final class Remove implements Callable<Integer> {
    @Mixin private final RunningDaemon daemon = new RunningDaemon();

    @Parameters(paramLabel = "IP", description = "As the list shows it, or an address in its /64.")
    private String ip = "";

    @Override
    public Integer call() throws NoAnswer {
      AdminClient.Answer answer = daemon.ask(client -> client.delete(PATH + "?" + query("ip", ip)));
      if (answer.status() != 200) {
        return refused(answer);
      }
      System.out.println(answer.text("ip") + " is not banned any more");
      return ExitCode.OK;
    }
  }

  /** {@code weir ban list}. */
  @Command(
      name = "list",
      description = "Shows who is banned, in the order of the addresses.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    private static final int PAGE = 10_000;

    @Mixin private final RunningDaemon daemon = new RunningDaemon();

    @Parameters(
        paramLabel = "IP",
        arity = "0..1",
        description = "Only what keeps this address out.")
    private @Nullable String ip;

    @Mixin private final FormatOption format = new FormatOption();

    @Option(names = "--json", description = "The same as --format json: a ban a line.")
    private boolean asJson;

    @Override
    public Integer call() throws IOException, NoAnswer {
      String query = ip == null ? query("limit", Integer.toString(PAGE)) : query("ip", ip);
      String next = "";
      boolean any = false;
      while (true) {
        String page = PATH + "?" + query + (next.isEmpty() ? "" : "&" + query("after", next));
        AdminClient.Answer answer = daemon.ask(client -> client.get(page));
        if (answer.status() != 200) {
          return refused(answer);
        }
        List<Map<?, ?>> bans = bans(answer);
        any |= !bans.isEmpty();
        print(bans);
        next = answer.text("next");
        if (next.isEmpty()) {
          break;
        }
      }
      if (!any && !isJson()) {
        System.out.println(ip == null ? "nobody is banned" : ip + " is not banned");
      }
      return ExitCode.OK;
    }

    private boolean isJson() {
      return asJson || format.isJson();
    }

    private static List<Map<?, ?>> bans(AdminClient.Answer answer) {
      List<Map<?, ?>> bans = new ArrayList<>();
      if (answer.json().get("bans") instanceof List<?> list) {
        for (Object ban : list) {
          if (ban instanceof Map<?, ?> members) {
            bans.add(members);
          }
        }
      }
      return bans;
    }

    private void print(List<Map<?, ?>> bans) throws IOException {
      if (isJson()) {
        for (Map<?, ?> ban : bans) {
          System.out.println(JSON.std.asString(ban));
        }
        return;
      }
      Table table = new Table("ADDRESS", "UNTIL", "LEFT", "TIMES", "REASON");
      for (Map<?, ?> ban : bans) {
        String until = String.valueOf(ban.get("until"));
        table.row(
            String.valueOf(ban.get("ip")),
            until,
            left(until),
            String.valueOf(ban.get("times")),
            String.valueOf(ban.get("reason")));
      }
      if (!table.isEmpty()) {
        System.out.print(table);
      }
    }

    private static String left(String until) {
      try {
        Duration left = Duration.between(Instant.now(), Instant.parse(until));
        if (left.toDays() > 0) {
          return left.toDays() + "d" + left.toHoursPart() + "h";
        }
        return left.toHours() > 0
            ? left.toHours() + "h" + left.toMinutesPart() + "m"
            : left.toMinutes() + "m" + Math.max(0, left.toSecondsPart()) + "s";
      } catch (DateTimeParseException e) {
        return "";
      }
    }
  }
}
