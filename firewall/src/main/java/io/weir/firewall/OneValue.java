package io.weir.firewall;

import org.jspecify.annotations.Nullable;

/** What the lines of a header say if they all say the same. Reused; for one worker. */
final class OneValue implements HeaderPredicate {
  private @Nullable CharSequence first;
  private boolean isSeveral;

  /** Looks at the lines of that name. */
  void read(RequestView request, String lowerName) {
    first = null;
    isSeveral = request.anyHeader(lowerName, this);
  }

  /** A line; true if it says something else than those before. */
  @Override
  public boolean test(CharSequence line) {
    CharSequence before = first;
    if (before == null) {
      first = line;
      return false;
    }
    return CharSequence.compare(before, line) != 0;
  }

  /** Whether the lines say different things. */
  boolean isSeveral() {
    return isSeveral;
  }

  /** What they say; null if there is none. Not kept. */
  @Nullable CharSequence take() {
    CharSequence value = first;
    first = null;
    return value;
  }
}
