package io.weir.daemon.replay;

import io.weir.firewall.address.ClientAddress;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Apache's combined and common log formats. */
final class CombinedParser implements LogParser {
  private static final Set<String> FIELDS =
      Set.of(
          "ip",
          "method",
          "path",
          "raw_path",
          "protocol",
          "time",
          "response_status",
          "header.user-agent",
          "header.referer");

  private final LogTime time = new LogTime();
  private final StringBuilder text = new StringBuilder();
  private int at; // behind what was read last; -1: the line cannot be read

  @Override
  public @Nullable LoggedRequest parse(String line) {
    at = line.indexOf(' ');
    ClientAddress client = at < 0 ? null : ClientAddress.parse(line.substring(0, at));
    int bracket = line.indexOf('[', Math.max(at, 0));
    if (client == null || bracket < 0) {
      return null;
    }
    long micros = time.apache(line, bracket + 1);
    at = bracket + 28; // [22/Nov/2026:02:15:36 +0100]
    String request = quoted(line);
    int status = number(line);
    number(line); // bytes of the body
    if (micros == LogTime.NONE || request == null || status < 0 || status > 999) {
      return null;
    }
    int target = request.indexOf(' ');
    int version = request.lastIndexOf(' ');
    if (target <= 0 || version <= target) {
      return null; // what could not be read then cannot be judged now
    }
    String referer = quoted(line);
    String userAgent = quoted(line);
    String asked = request.substring(target + 1, version);
    return new LoggedRequest(
        micros,
        -1,
        client,
        request.substring(0, target),
        "",
        asked,
        protocol(request.substring(version + 1)),
        status,
        present(userAgent),
        present(referer),
        null,
        null,
        null,
        null,
        null,
        cut(asked, referer, userAgent),
        null);
  }

  /** The target is cut as a whole: with a query, that is what lacks something. */
  private static Set<String> cut(
      String target, @Nullable String referer, @Nullable String userAgent) {
    CutFields cut = new CutFields();
    return (target.indexOf('?') < 0 ? cut.path(target) : cut.query(target))
        .look("header.referer", referer)
        .look("header.user-agent", userAgent)
        .fields();
  }

  private static @Nullable String present(@Nullable String header) {
    return header == null || header.equals("-") ? null : header;
  }

  static String protocol(String logged) {
    return switch (logged) {
      case "HTTP/2.0", "HTTP/2" -> "h2";
      default -> logged.toLowerCase(Locale.ROOT);
    };
  }

  /** The next field between quotes, unescaped; null if there is none. */
  private @Nullable String quoted(String line) {
    int from = at < 0 || at > line.length() ? -1 : line.indexOf('"', at);
    if (from < 0) {
      return null;
    }
    int i = from + 1;
    while (i < line.length() && line.charAt(i) != '"' && line.charAt(i) != '\\') {
      i++;
    }
    if (i < line.length() && line.charAt(i) == '"') {
      at = i + 1;
      return line.substring(from + 1, i);
    }
    return unescaped(line, from + 1);
  }

  private @Nullable String unescaped(String line, int from) {
    text.setLength(0);
    for (int i = from; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        at = i + 1;
        return text.toString();
      }
      if (c != '\\' || i + 1 >= line.length()) {
        text.append(c);
        continue;
      }
      char escaped = line.charAt(++i);
      if (escaped == 'x' && i + 2 < line.length()) {
        int high = Character.digit(line.charAt(i + 1), 16);
        int low = Character.digit(line.charAt(i + 2), 16);
        if (high >= 0 && low >= 0) {
          text.append((char) (high << 4 | low));
          i += 2;
          continue;
        }
      }
      text.append(plain(escaped));
    }
    return null;
  }

  private static char plain(char escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'v' -> 0x0B;
      case 'f' -> '\f';
      case 'r' -> '\r';
      default -> escaped;
    };
  }

  /** The next number, 0 for a dash; -1 if there is none. */
  private int number(String line) {
    int from = at;
    while (from >= 0 && from < line.length() && line.charAt(from) == ' ') {
      from++;
    }
    int end = from;
    int number = 0;
    while (end >= 0 && end < line.length() && line.charAt(end) >= '0' && line.charAt(end) <= '9') {
      number = Math.min(number * 10 + line.charAt(end) - '0', 100_000_000);
      end++;
    }
    if (end == from) {
      boolean dash = end >= 0 && end < line.length() && line.charAt(end) == '-';
      at = dash ? end + 1 : at;
      return dash ? 0 : -1;
    }
    at = end;
    return number;
  }

  @Override
  public String kind() {
    return "combined";
  }

  @Override
  public boolean holds(String field) {
    return FIELDS.contains(field) || field.startsWith("query.");
  }

  @Override
  public boolean hasDurations() {
    return false;
  }
}
