package io.weir.core;

import io.weir.core.exchange.RecentRefusals;
import io.weir.core.listener.WorkerDoor;
import io.weir.core.status.Refused;
import io.weir.core.status.RefusedSince;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Asks every worker, on its own loop, for the refusals that it remembers. Any thread. */
final class RefusalSearch {
  private final List<WorkerDoor> doors;
  private final Executor control;

  /**
   * Asks the workers behind these doors.
   *
   * @param control where the answers are put together, and whatever is made of them: a thousand
   *     would keep the worker that is the last to answer from its requests
   */
  RefusalSearch(List<WorkerDoor> doors, Executor control) {
    this.doors = doors;
    this.control = control;
  }

  /** The latest ones of all workers, the latest first. */
  CompletableFuture<List<Refused>> latest(int limit) {
    return ofEach((recent, worker) -> recent.latest(limit))
        .thenApply(found ->
            found.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(Refused::epochMillis).reversed())
                .limit(limit)
                .toList());
  }

  /** The request of that id. */
  CompletableFuture<Optional<Refused>> find(String requestId) {
    return ofEach((recent, worker) -> Optional.ofNullable(recent.find(requestId)))
        .thenApply(found -> found.stream().flatMap(Optional::stream).findFirst());
  }

  /** Those since the marks, which are empty to begin with; the earliest first. */
  CompletableFuture<RefusedSince> since(List<RefusedSince.Mark> marks, int limit) {
    return ofEach((recent, worker) ->
            recent.since(worker < marks.size() ? marks.get(worker) : null, limit))
        .thenApply(found ->
            new RefusedSince(
                found.stream()
                    .flatMap(one -> one.refused().stream())
                    .sorted(Comparator.comparingLong(Refused::epochMillis))
                    .toList(),
                found.stream().mapToLong(RefusedSince::missed).sum(),
                found.stream().flatMap(one -> one.marks().stream()).toList()));
  }

  /** What a worker is asked. */
  @FunctionalInterface
  private interface Question<T> {
    T ask(RecentRefusals recent, int worker);
  }

  private <T> CompletableFuture<List<T>> ofEach(Question<T> question) {
    CompletableFuture<List<T>> all = CompletableFuture.completedFuture(List.of());
    for (int i = 0; i < doors.size(); i++) {
      WorkerDoor door = doors.get(i);
      int worker = i;
      CompletableFuture<T> one =
          CompletableFuture.supplyAsync(
              () -> question.ask(door.path().report().recent(), worker),
              door.path().worker().loop());
      all =
          all.thenCombine(
              one,
              (before, answer) -> {
                List<T> more = new ArrayList<>(before);
                more.add(answer);
                return more;
              });
    }
    return all.thenApplyAsync(answers -> answers, control);
  }
}
