package io.weir.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.status.Refused;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RefusalSearchTest {
  private final Queue<Runnable> control = new ArrayDeque<>();
  private final RefusalSearch search = new RefusalSearch(List.of(), control::add);

  @Test
  void whatIsMadeOfTheAnswersIsMadeOnTheControlLoopAndOnNoWorkers() {
    CompletableFuture<List<Refused>> latest = search.latest(5);
    CompletableFuture<Boolean> found = search.find("id").thenApply(one -> one.isPresent());
    assertThat(latest).isNotDone();
    assertThat(found).isNotDone();
    control.forEach(Runnable::run);
    assertThat(latest).isCompletedWithValue(List.of());
    assertThat(found).isCompletedWithValue(false);
  }
}
