package io.weir.core.status;

import java.util.List;

/**
 * What was refused since somebody last asked.
 *
 * @param refused the earliest first
 * @param missed how many more there were, which came too fast to be told one by one
 * @param marks up to where all that is known now, to ask with the next time; of each worker
 */
public record RefusedSince(List<Refused> refused, long missed, List<Mark> marks) {
  public RefusedSince {
    refused = List.copyOf(refused);
    marks = List.copyOf(marks);
  }

  /** How many a worker had refused by then. */
  public record Mark(long requests, long connections) {}
}
