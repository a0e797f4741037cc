package io.weir.daemon.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.daemon.config.FetchedList;
import io.weir.daemon.config.FetchedList.Checksum;
import io.weir.daemon.state.ListCopy;
import io.weir.firewall.list.ListType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists that are followed, and that are not any more. */
class ListFetcherTest {
  private static final String LIST = "192.0.2.0/24\n";

  @TempDir private Path folder;
  private final AtomicInteger told = new AtomicInteger();
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private ListServer server;
  private ListFetcher fetcher;

  /** One who keeps a look from ending until it may. */
  private final ListFetcher.Listener listener =
      new ListFetcher.Listener() {
        @Override
        public void fetched(String list) {
          told.incrementAndGet();
          try {
            mayEnd.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }

        @Override
        public void failed(String list) {
          throw new AssertionError(list);
        }
      };

  @BeforeEach
  void start() throws IOException {
    server = ListServer.http().has("/blocked.txt", LIST);
    fetcher = new ListFetcher(listener, folder, new Random(1));
  }

  @AfterEach
  void stop() {
    fetcher.close();
    server.close();
  }

  private Path copy() {
    return folder.resolve("lists/blocked.txt");
  }

  private FetchedList list(ListType type) {
    return new FetchedList(
        "blocked",
        type,
        server.url("/blocked.txt"),
        new Checksum.None(),
        Duration.ofDays(365),
        null,
        copy());
  }

  @Test
  void whatIsNotFollowedAnyMoreIsNotRememberedUntilItsNextTurn() {
    mayEnd.countDown();
    fetcher.follow(List.of(list(ListType.ADDRESSES)));
    await().until(() -> told.get() == 1 && fetcher.looks() == 1);
    fetcher.follow(List.of());
    await().until(() -> fetcher.looks() == 0);
  }

  @Test
  void aLookThatIsUnderWayThenIsTheLast() {
    fetcher.follow(List.of(list(ListType.ADDRESSES)));
    await().until(() -> told.get() == 1);
    fetcher.follow(List.of());
    mayEnd.countDown();
    await().until(() -> fetcher.looks() == 0);
  }

  @Test
  void aCopyThatIsOfNoUseAnyMoreKeepsNoNewOneFromComing() throws IOException {
    String etag = '"' + ListServer.sha256(LIST).substring(0, 8) + '"'; // the server's, for LIST
    new ListCopy(etag, "", "sqlmap\n".getBytes(StandardCharsets.US_ASCII))
        .write(copy(), server.url("/blocked.txt"));
    mayEnd.countDown();
    fetcher.follow(List.of(list(ListType.ADDRESSES)));
    await().until(() -> told.get() == 1);
    assertThat(Files.readString(copy())).endsWith(LIST);
  }
}
