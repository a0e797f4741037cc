package io.weir.core.http;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** The plain answers to failures and refusals, each encoded once. Any thread. */
public final class LocalResponses {
  private static final int STATUSES = 600;
  private static final AtomicReferenceArray<LocalResponse> PLAIN =
      new AtomicReferenceArray<>(STATUSES);

  private LocalResponses() {}

  /**
   * A short text that names the status.
   *
   * @param status 200 to 599
   */
  public static LocalResponse plain(int status) {
    LocalResponse known = PLAIN.get(status);
    if (known == null) {
      known = LocalResponse.plain(status);
      PLAIN.set(status, known);
    }
    return known;
  }
}
