package io.weir.core.http;

/** A set of {@link FieldName}s, asked per field line; removed fields are in every set. */
public final class NameSet {
  /** Only what was taken out. */
  public static final NameSet NONE = new NameSet(0);

  /** What speaks of one connection only. */
  public static final NameSet HOP_BY_HOP = hopByHop();

  /** What may not stand among trailers. */
  public static final NameSet NOT_IN_TRAILERS = notInTrailers();

  /** What a response of a backend is not sent on with: the connection is another. */
  public static final NameSet NOT_IN_RESPONSES = HOP_BY_HOP.with(FieldName.TRAILER);

  private final long bits;

  private NameSet(long bits) {
    this.bits = bits | bit(FieldName.REMOVED) | bit(FieldName.WITHHELD);
  }

  private static NameSet hopByHop() {
    long bits = 0;
    for (FieldName name : FieldName.values()) {
      if (name.isHopByHop()) {
        bits |= bit(name);
      }
    }
    return new NameSet(bits);
  }

  private static NameSet notInTrailers() {
    long bits = 0;
    for (FieldName name : FieldName.values()) {
      if (!name.isAllowedInTrailers()) {
        bits |= bit(name);
      }
    }
    return new NameSet(bits);
  }

  /** This set and more names. */
  public NameSet with(FieldName... names) {
    long more = bits;
    for (FieldName name : names) {
      more |= bit(name);
    }
    return new NameSet(more);
  }

  /** Whether the name is in it. */
  public boolean contains(FieldName name) {
    return (bits & bit(name)) != 0;
  }

  private static long bit(FieldName name) {
    return 1L << name.ordinal();
  }
}
