package io.weir.core.testkit;

import java.util.ArrayList;
import java.util.List;

/** The real curl. */
public final class Curl {
  private static final String SEPARATOR = "\n--status--";

  private Curl() {}

  /**
   * How a run ended.
   *
   * @param exit curl's own code; 0 is fine
   * @param status of the last response; 0 when there was none
   * @param body of the last response, after the heads that {@code -i} or {@code -D -} print
   * @param stderr what {@code -v} said
   */
  public record Result(int exit, int status, String body, String stderr) {}

  /** Runs curl without the user's settings and proxies, quiet but for errors. */
  public static Result run(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of("-q", "-sS", "--noproxy", "*", "-m", "20", "-w", SEPARATOR + "%{http_code}"));
    all.addAll(List.of(arguments));
    Program.Run run = Program.find("curl", "curl").run(new byte[0], all);
    int at = run.stdout().lastIndexOf(SEPARATOR);
    if (at < 0) {
      throw new AssertionError("curl " + all + " said: " + run.stderr());
    }
    int status = Integer.parseInt(run.stdout().substring(at + SEPARATOR.length()).strip());
    return new Result(run.exit(), status, run.stdout().substring(0, at), run.stderr());
  }
}
