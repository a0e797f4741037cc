package io.weir.daemon.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
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
import org.slf4j.LoggerFactory;

/** Lists that are followed, and that are not any more. */
class ListFetcherTest {
  private static final String LIST = "192.0.2.0/24\n";
  private static final String OTHER = "198.51.100.0/24\n";

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
    return list(type, "/blocked.txt");
  }

  private FetchedList list(ListType type, String path) {
    return new FetchedList(
        "blocked", type, server.url(path), new Checksum.None(), Duration.ofDays(365), null, copy());
  }

  @Test
  void whatIsNotFollowedAnyMoreIsNotRememberedUntilItsNextTurn() {
    mayEnd.countDown();
    fetcher.follow(List.of(list(ListType.ADDRESSES)));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> told.get() == 1 && fetcher.active() == 0 && fetcher.queued() == 1);
    fetcher.follow(List.of());
    assertThat(fetcher.queued()).isZero();
  }

  @Test
  void aLookThatIsUnderWayThenIsTheLast() {
    fetcher.follow(List.of(list(ListType.ADDRESSES)));
    await().atMost(Duration.ofMinutes(1)).until(() -> told.get() == 1);
    fetcher.follow(List.of());
    mayEnd.countDown();
    await().atMost(Duration.ofMinutes(1)).until(() -> fetcher.active() == 0);
    assertThat(fetcher.queued()).isZero();
  }

  @Test
  void whoFollowsItNoMoreWaitsForACopyThatIsBeingKept() throws InterruptedException {
    mayEnd.countDown();
    Thread stopping = Thread.ofPlatform().unstarted(() -> fetcher.follow(List.of()));
    try (HeldLog kept = new HeldLog("a new version came")) {
      fetcher.follow(List.of(list(ListType.ADDRESSES)));
      kept.awaitSaid();
      stopping.start();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> stopping.getState() == Thread.State.BLOCKED);
      assertThat(copy()).exists();
    }
    stopping.join();
    assertThat(copy()).as("forgotten once nobody writes it any more").doesNotExist();
  }

  @Test
  void whatComesLateFromAnOldUrlDoesNotReplaceWhatCameFromTheNew() throws IOException {
    mayEnd.countDown();
    server.has("/other.txt", OTHER);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    server.holds("/blocked.txt", mayAnswer);
    fetcher.follow(List.of(list(ListType.ADDRESSES)));
    await().atMost(Duration.ofMinutes(1)).until(() -> server.log().contains("/blocked.txt 200"));
    fetcher.follow(List.of(list(ListType.ADDRESSES, "/other.txt")));
    await().atMost(Duration.ofMinutes(1)).until(() -> told.get() == 1);
    mayAnswer.countDown();
    await().atMost(Duration.ofMinutes(1)).until(() -> fetcher.active() == 0);
    assertThat(Files.readString(copy())).endsWith(OTHER);
    assertThat(told).hasValue(1);
  }

  /** Holds up whoever says this, until it is closed. */
  private static final class HeldLog extends UnsynchronizedAppenderBase<ILoggingEvent>
      implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ListFetcher.class);
    private final CountDownLatch said = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final String words;

    HeldLog(String words) {
      this.words = words;
      logger.setLevel(Level.INFO);
      start();
      logger.addAppender(this);
    }

    void awaitSaid() {
      await().atMost(Duration.ofMinutes(1)).until(() -> said.getCount() == 0);
    }

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getFormattedMessage().contains(words)) {
        said.countDown();
        try {
          mayGoOn.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void close() {
      mayGoOn.countDown();
      logger.detachAppender(this);
      logger.setLevel(null);
    }
  }

  @Test
  void aCopyThatIsOfNoUseAnyMoreKeepsNoNewOneFromComing() throws IOException {
    String etag = '"' + ListServer.sha256(LIST).substring(0, 8) + '"'; // the server's, for LIST
    new ListCopy(etag, "", "sqlmap\n".getBytes(StandardCharsets.US_ASCII))
        .write(copy(), server.url("/blocked.txt"));
    mayEnd.countDown();
    fetcher.follow(List.of(list(ListType.ADDRESSES)));
    await().atMost(Duration.ofMinutes(1)).until(() -> told.get() == 1);
    assertThat(Files.readString(copy())).endsWith(LIST);
  }
}
