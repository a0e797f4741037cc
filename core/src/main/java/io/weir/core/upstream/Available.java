package io.weir.core.upstream;

import io.weir.core.balance.Candidates;
import io.weir.core.balance.Loads;

/** The backends of a pool that may be picked, as one consistent view. Immutable but for loads. */
public final class Available implements Loads {
  static final Available NONE = new Available(Candidates.NONE, new Backend[0]);

  private final Candidates candidates;
  private final Backend[] backends;

  Available(Candidates candidates, Backend[] backends) {
    this.candidates = candidates;
    this.backends = backends;
  }

  int size() {
    return backends.length;
  }

  Candidates candidates() {
    return candidates;
  }

  /** The backend behind a pick. */
  public Backend backend(int index) {
    return backends[index];
  }

  @Override
  public int inFlight(int index) {
    return backends[index].inFlight();
  }
}
