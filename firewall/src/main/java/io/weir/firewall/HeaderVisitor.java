package io.weir.firewall;

/** Is shown the header lines of a request, one after the other. */
@FunctionalInterface
public interface HeaderVisitor {
  /**
   * Called for each line.
   *
   * @param name in any case
   */
  void visit(CharSequence name, CharSequence value);
}
