package io.weir.core;

import io.weir.core.exchange.RecentRefusals;
import io.weir.core.listener.WorkerDoor;
import io.weir.core.status.Refused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Asks every worker, on its own loop, for the refusals that it remembers. Any thread. */
final class RefusalSearch {
  private final List<WorkerDoor> doors;

  RefusalSearch(List<WorkerDoor> doors) {
    this.doors = doors;
  }

  /** The latest ones of all workers, the latest first. */
  CompletableFuture<List<Refused>> latest(int limit) {
    return ofEach(recent -> recent.latest(limit))
        .thenApply(found ->
            found.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(Refused::epochMillis).reversed())
                .limit(limit)
                .toList());
  }

  /** The request of that id. */
  CompletableFuture<Optional<Refused>> find(String requestId) {
    return ofEach(recent -> Optional.ofNullable(recent.find(requestId)))
        .thenApply(found -> found.stream().flatMap(Optional::stream).findFirst());
  }

  private <T> CompletableFuture<List<T>> ofEach(Function<RecentRefusals, T> question) {
    CompletableFuture<List<T>> all = CompletableFuture.completedFuture(List.of());
    for (WorkerDoor door : doors) {
      CompletableFuture<T> one =
          CompletableFuture.supplyAsync(
              () -> question.apply(door.path().report().recent()), door.path().worker().loop());
      all =
          all.thenCombine(
              one,
              (before, answer) -> {
                List<T> more = new ArrayList<>(before);
                more.add(answer);
                return more;
              });
    }
    return all;
  }
}
