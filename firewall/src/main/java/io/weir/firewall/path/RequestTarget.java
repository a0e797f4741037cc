package io.weir.firewall.path;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request-target, read once: what rules and routes match, and what the backend is sent.
 *
 * <p>Text arrives as Latin-1: one char per byte.
 */
public final class RequestTarget implements TargetResult {
  private final String forwarded;
  private final String path;
  private final String reduced;
  private final String original;
  private final @Nullable String query;
  private final @Nullable String authority;
  private final List<String> others;

  RequestTarget(
      String forwarded,
      String path,
      String reduced,
      String original,
      @Nullable String query,
      @Nullable String authority,
      List<String> others) {
    this.forwarded = forwarded;
    this.path = path;
    this.reduced = reduced;
    this.original = original;
    this.query = query;
    this.authority = authority;
    this.others = others;
  }

  /**
   * Reads the target of a request line, or of HTTP/2's {@code :path}.
   *
   * @param method decides whether {@code *} is allowed
   */
  public static TargetResult read(String method, String target, PathMode mode) {
    return TargetReader.read(method, target, mode);
  }

  /**
   * The canonical path, as rules and routes match it: every escape decoded that cannot change where
   * the path is cut ({@code %2F}, {@code %5C} and {@code %25} stay), slashes merged, dot segments
   * resolved; {@code *} for the asterisk-form. In mode off the path as it came. Patterns are
   * brought to the same form by {@link PathText#pattern}.
   */
  public String path() {
    return path;
  }

  /**
   * The path with everything done to it that some backend does: what limits count by, so that
   * another spelling is no other key. One of the readings.
   */
  public String reduced() {
    return reduced;
  }

  /** The path as it came, without scheme, authority and query. */
  public String original() {
    return original;
  }

  /** What to send to a backend, with the query: as it came, or the canonical one in strict mode. */
  public String forwarded() {
    return forwarded;
  }

  /** The query without its {@code ?}, raw; null if there is none. */
  public @Nullable String query() {
    return query;
  }

  /** The authority of an absolute-form, which must agree with Host; null for the other forms. */
  public @Nullable String authority() {
    return authority;
  }

  /** Whether this is {@code *}, the whole server. */
  public boolean isAsterisk() {
    return path.equals("*");
  }

  /**
   * Whether there is {@code %2F} in the path as it came. In mode strict only routes that keep it
   * take such a target: on all others it is 400, like everything else with a second reading.
   */
  public boolean hasEncodedSlash() {
    return original.contains("%2F") || original.contains("%2f");
  }

  /** The other ways in which a backend may read the path, each differing from {@link #path}. */
  public List<String> readings() {
    return others;
  }

  /** How many readings there are, the canonical one included; at least 1. */
  public int readingCount() {
    return 1 + others.size();
  }

  /** A reading by number; 0 is the canonical path. */
  public String reading(int index) {
    return index == 0 ? path : others.get(index - 1);
  }
}
