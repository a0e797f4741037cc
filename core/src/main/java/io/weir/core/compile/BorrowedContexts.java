package io.weir.core.compile;

import java.util.ArrayList;
import java.util.List;

/** The TLS contexts that one snapshot holds. For one thread at a time. */
public final class BorrowedContexts implements AutoCloseable {
  /** A context that must be given back; closing it cannot fail. */
  interface Borrowed extends AutoCloseable {
    @Override
    void close();
  }

  private final List<Borrowed> held = new ArrayList<>();

  void add(Borrowed context) {
    held.add(context);
  }

  @Override
  public void close() {
    held.forEach(Borrowed::close);
    held.clear();
  }
}
