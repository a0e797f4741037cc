package io.weir.firewall.problem;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that was probably meant: the one that is the fewest slips of a finger away. */
public final class NearestName {
  private NearestName() {}

  /** A hint such as {@code did you mean "pool"?}, or null where no candidate is near. */
  public static @Nullable String hint(String written, Collection<String> candidates) {
    String nearest = nearest(written, candidates);
    return nearest == null ? null : "did you mean \"" + nearest + "\"?";
  }

  /** The candidate at most a third of the word's letters away, in any case of them, or null. */
  public static @Nullable String nearest(String written, Collection<String> candidates) {
    String nearest = null;
    int best = Math.max(1, written.length() / 3) + 1;
    for (String candidate : candidates) {
      int distance = distance(written.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < best && distance < candidate.length()) {
        nearest = candidate;
        best = distance;
      }
    }
    return nearest;
  }

  /** Letters to insert, remove, change or swap with their neighbour (optimal string alignment). */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : step(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(int[][] d, String a, String b, int i, int j) {
    int changed = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int least = Math.min(d[i - 1][j - 1] + changed, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, d[i - 2][j - 2] + 1) : least;
  }
}
