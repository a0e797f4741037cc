package io.weir.firewall;

import io.weir.firewall.config.MatchWords;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells which fields hold what nobody should read in a log. */
final class Secrets {
  private static final Set<String> HEADERS =
      Set.of(
          "header.authorization",
          "header.proxy-authorization",
          "header.cookie",
          "header.set-cookie");

  /** Parts of names that people give to what opens something. */
  private static final List<String> TELLING =
      List.of("token", "secret", "passw", "pwd", "apikey", "credential", "session", "signature");

  private Secrets() {}

  /**
   * Whether the values of a field are secret.
   *
   * @param field as {@link MatchWords#field} calls it
   */
  static boolean isHeldBy(String field) {
    if (field.startsWith("cookie.") || HEADERS.contains(field)) {
      return true;
    }
    if (!field.startsWith("header.") && !field.startsWith("query.")) {
      return false;
    }
    String name = field.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    return TELLING.stream().anyMatch(name::contains);
  }
}
