package io.weir.core.balance;

/** How busy the candidates are. */
@FunctionalInterface
public interface Loads {

  /** Requests that the candidate is answering now, over all workers; 0 or more. */
  int inFlight(int index);
}
