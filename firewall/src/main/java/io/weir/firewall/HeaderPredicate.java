package io.weir.firewall;

/** A question about the value of a header line. */
@FunctionalInterface
public interface HeaderPredicate {
  boolean test(CharSequence value);
}
